"""The national character sets."""

from index.text.repertoires import simplified, traditional


def test_each_level_has_as_many_characters_as_its_standard() -> None:
    # GB 2312: 3,755 and 3,008 characters. Big5: 5,401 and 7,652.
    assert len(simplified().everyday) == 3755
    assert len(simplified().all) == 3755 + 3008
    assert len(traditional().everyday) == 5401
    assert len(traditional().all) == 5401 + 7652


def test_a_level_is_part_of_the_whole() -> None:
    for repertoire in (simplified(), traditional()):
        assert repertoire.everyday < repertoire.all


def test_characters_of_one_script_are_in_one_set_alone() -> None:
    assert {"们", "国"} <= simplified().everyday - traditional().all
    assert {"們", "國"} <= traditional().everyday - simplified().all
    assert "中" in simplified().everyday & traditional().everyday
    assert "鳄" in simplified().all - simplified().everyday
    assert not {"，", "a", "か"} & (simplified().all | traditional().all)
