from typing import Any


def sort(records: list[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    if end - start == 1:
        return [records[start]]
    middle = (start + end) // 2
    left = sort(records, start, middle)
    right = sort(records, middle, end)
    merged: list[dict[str, Any]] = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        if left[i]["key"] <= right[j]["key"]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    while i < len(left):
        merged.append(left[i])
        i += 1
    while j < len(right):
        merged.append(right[j])
        j += 1
    return merged


def run(n: int) -> int:
    records: list[dict[str, Any]] = []
    key = 1
    for i in range(n):
        key = (key * 7919 + 1) % 1000003
        records.append({"key": key, "name": "record", "position": i})
    ordered = sort(records, 0, n)
    checksum = 0
    for i in range(n):
        checksum = (checksum * 31 + ordered[i]["key"] + ordered[i]["position"]) % 1000003
    return checksum
