/**
 * Builtins that are written in jq, because what they do to paths, to several outputs and to errors is then what their
 * definition says. A program compiles those that it calls.
 */
export const DEFINITIONS: Readonly<Record<string, string>> = {
  'recurse/1': 'recurse(f): def again: ., (f | again); again',
  'recurse/2': 'recurse(f; condition): def again: ., (f | select(condition) | again); again',
  'recurse_down/0': 'recurse_down: recurse',
  'values/0': 'values: select(. != null)',
  'nulls/0': 'nulls: select(. == null)',
  'arrays/0': 'arrays: select(type == "array")',
  'objects/0': 'objects: select(type == "object")',
  'iterables/0': 'iterables: arrays, objects',
  'booleans/0': 'booleans: select(type == "boolean")',
  'numbers/0': 'numbers: select(type == "number")',
  'strings/0': 'strings: select(type == "string")',
  'normals/0': 'normals: select(isnormal)',
  'finites/0': 'finites: select(isfinite)',
  'isfinite/0': 'isfinite: type == "number" and (isinfinite | not)',
  'scalars/0': 'scalars: select(type != "array" and type != "object")',
  'scalars_or_empty/0': 'scalars_or_empty: select((type != "array" and type != "object") or length == 0)',
  'leaf_paths/0': 'leaf_paths: paths(scalars)',
  'paths/1':
    'paths(condition): . as $whole | paths | select(. as $path | $whole | getpath($path) | condition)',
  'to_entries/0': 'to_entries: [keys_unsorted[] as $key | {key: $key, value: .[$key]}]',
  'from_entries/0':
    'from_entries: map({(.key // .Key // .name // .Name): (if has("value") then .value else .Value end)}) | add | . //= {}',
  'with_entries/1': 'with_entries(f): to_entries | map(f) | from_entries',
  'any/0': 'any: any(.[]; .)',
  'any/1': 'any(condition): any(.[]; condition)',
  'all/0': 'all: all(.[]; .)',
  'all/1': 'all(condition): all(.[]; condition)',
  'in/1': 'in(whole): . as $key | whole | has($key)',
  'inside/1': 'inside(whole): . as $part | whole | contains($part)',
  'first/0': 'first: .[0]',
  'last/0': 'last: .[-1]',
  'nth/1': 'nth($n): .[$n]',
  'last/1': 'last(f): reduce f as $each (null; $each)',
  'nth/2': `nth($n; f): if $n < 0 then error("nth doesn't support negative indices") else last(limit($n + 1; f)) end`,
  'range/1': 'range($to): range(0; $to)',
  'range/3':
    'range($from; $to; $by): if $by == 0 then $from else (($from | while(($by > 0 and . < $to) or ($by < 0 and . > $to); . + $by))) end | select(($by > 0 and . < $to) or ($by < 0 and . > $to))',
  'while/2': 'while(condition; f): def again: if condition then ., (f | again) else empty end; again',
  'until/2': 'until(condition; f): def again: if condition then . else (f | again) end; again',
  'repeat/1': 'repeat(f): def again: f, again; again',
  'flatten/0': 'flatten: _flatten(-1)',
  'flatten/1':
    'flatten($depth): if $depth < 0 then error("flatten depth must not be negative") else _flatten($depth) end',
  '_flatten/1':
    '_flatten($depth): reduce .[] as $each ([]; if $each | type == "array" and $depth != 0 then . + ($each | _flatten($depth - 1)) else . + [$each] end)',
  'join/1':
    'join($between): reduce .[] as $each (null; (if . == null then "" else . + $between end) + ($each | if type == "boolean" or type == "number" then tostring else . // "" end)) // ""',
  'indices/1':
    'indices($part): if type == "array" and ($part | type) == "array" then .[$part] elif type == "array" then .[[$part]] elif type == "string" and ($part | type) == "string" then _indices($part) else .[$part] end',
  'index/1': 'index($part): indices($part) | .[0]',
  'rindex/1': 'rindex($part): indices($part) | .[-1:][0]',
  'combinations/0':
    'combinations: if length == 0 then [] else .[0][] as $first | (.[1:] | combinations) as $rest | [$first] + $rest end',
  'combinations/1': 'combinations(count): . as $whole | [range(count) | $whole] | combinations',
  'transpose/0':
    'transpose: if . == [] then [] else . as $rows | (map(length) | max) as $width | [range(0; $width) as $column | [range(0; $rows | length) as $row | $rows[$row][$column]]] end',
  'bsearch/1':
    'bsearch(wanted): if length == 0 then -1 elif length == 1 then (if wanted == .[0] then 0 elif wanted < .[0] then -1 else -2 end) else . as $all | wanted as $wanted | [0, length - 1, null] | until(.[0] > .[1] or .[2] != null; ((.[0] + .[1]) / 2 | floor) as $middle | $all[$middle] as $there | if $there == $wanted then .[2] = $middle elif .[0] == .[1] then (if $there < $wanted then .[2] = -2 - .[0] else .[2] = -1 - .[0] end) elif $there < $wanted then .[0] = $middle + 1 else .[1] = $middle - 1 end) | if .[2] == null then (if $all[.[0]] < $wanted then -2 - .[0] else -1 - .[0] end) else .[2] end end',
  'INDEX/2':
    'INDEX(rows; key): reduce rows as $row ({}; .[$row | key | if type != "string" then tojson else . end] |= $row)',
  'INDEX/1': 'INDEX(key): INDEX(.[]; key)',
  'JOIN/2': 'JOIN($index; key): [.[] | [., $index[key]]]',
  'JOIN/3': 'JOIN($index; rows; key): rows | [., $index[key]]',
  'JOIN/4': 'JOIN($index; rows; key; f): rows | [., $index[key]] | f',
  'IN/1': 'IN(all): . as $one | any(all; . == $one)',
  'IN/2': 'IN(some; all): any(some | IN(all); .)',
  'tostream/0':
    'tostream: def leaves: if (type != "array" and type != "object") or length == 0 then [[], .] else . as $whole | keys_unsorted as $keys | (($keys[] as $key | $whole[$key] | leaves | .[0] |= [$key] + .), [[$keys[-1]]]) end; leaves',
  'fromstream/1':
    'fromstream(events): foreach events as $event ([null, false, null, false]; (if ($event[0] | length) == 0 then [null, false, .[2], .[3]] elif ($event | length) == 1 and ($event[0] | length) < 2 then [null, false, .[0], .[1]] else . end) as $state | if ($event | length) > 1 and ($event[0] | length) > 0 then [$state[0] | setpath($event[0]; $event[1])] + [true, $state[2], $state[3]] else $state end; (if ($event[0] | length) == 1 and ($event | length == 1) and .[3] then .[2] else empty end), (if ($event[0] | length) == 0 then $event[1] else empty end))',
  'truncate_stream/1':
    'truncate_stream(events): . as $depth | null | events | . as $event | if (.[0] | length) > $depth then setpath([0]; $event[0][$depth:]) else empty end',
  'todate/0': 'todate: strftime("%Y-%m-%dT%H:%M:%SZ")',
  'todateiso8601/0': 'todateiso8601: todate',
  'fromdate/0': 'fromdate: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime',
  'fromdateiso8601/0': 'fromdateiso8601: fromdate',
  'match/2': 'match(re; flags): _match(re; flags; false) | .[]',
  'match/1': `match($how): ${pattern('match')}`,
  'test/2': 'test(re; flags): _match(re; flags; true)',
  'test/1': `test($how): ${pattern('test')}`,
  'capture/2':
    'capture(re; flags): match(re; flags) | reduce (.captures[] | select(.name != null)) as $part ({}; . + {($part.name): $part.string})',
  'capture/1': `capture($how): ${pattern('capture')}`,
  'scan/1':
    'scan(re): match(re; "g") | if (.captures | length) > 0 then [.captures[].string] else .string end',
  'splits/1': 'splits($re): splits($re; null)',
  'splits/2':
    'splits($re; flags): . as $text | [0, (match($re; "g" + flags) | .offset, .offset + .length), ($text | length)] | . as $cuts | range(0; length; 2) as $at | $text[$cuts[$at]:$cuts[$at + 1]]',
  'split/2': 'split($re; flags): [splits($re; flags)]',
  'sub/2': 'sub($re; text): sub($re; text; "")',
  'gsub/2': 'gsub($re; text): sub($re; text; "g")',
  'gsub/3': 'gsub($re; text; flags): sub($re; text; flags + "g")',
  'sub/3':
    'sub($re; text; flags): (flags | index("g")) as $all | (flags | if $all then [explode[] | select(. != 103)] | implode else . end) as $flags | def again: . as $whole | [match($re; $flags)] | if length == 0 then $whole else .[0] as $found | ($found.offset + $found.length) as $stop | ($found | reduce (.captures[] | select(.name != null)) as $part ({}; . + {($part.name): $part.string})) | $whole[0:$found.offset] + text + ($whole[$stop:] | if length > 0 and $all then again else . end) end; again',
};

/** A pattern alone, or an array of a pattern and flags. */
function pattern(name: string): string {
  return `($how | type) as $type | if $type == "string" then ${name}($how; null) elif $type == "array" and ($how | length) > 1 then ${name}($how[0]; $how[1]) elif $type == "array" and ($how | length) > 0 then ${name}($how[0]; null) else error($type + " not a string or array") end`;
}
