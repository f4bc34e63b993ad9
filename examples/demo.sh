#!/bin/sh
# Ask the example archive three questions: in its own language, in another one, and in vain.
newsquote=${1:-newsquote}

ask() {
    printf '\n$ newsquote ask "%s" -k 2\n\n' "$1"
    "$newsquote" ask "$1" -k 2
}

ask "塔罗2022年5月怎么评价自己去年的通胀判断？" || exit
ask "How many cycles does the new sodium-ion battery survive?" || exit
ask "怎样在家里做酸种面包？"
[ $? -eq 1 ]  # grep's way: 1 means that nothing was found
