#!/bin/sh
# Ask the example archive three questions: in its own language, in another one, and in vain.
newsquote=${1:-newsquote}

ask() {
    printf '\n$ newsquote ask "%s" -k 1\n\n' "$1"
    "$newsquote" ask "$1" -k 1
}

ask "塔罗2022年5月怎么评价自己去年的通胀判断？" || exit
ask "How much did the spring tea harvest fall because of the drought?" || exit
ask "怎样在家里做酸种面包？"
[ $? -eq 1 ]  # as with grep, 1 means that nothing was found
