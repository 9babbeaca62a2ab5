/** What jq 1.6 has and a server that runs one program on one record does not: refused when a program is compiled. */
const NO_OTHER_INPUT = 'a program sees one record and no other input';
const NO_OUTPUT = 'a program has no output but its values';
const NO_HOST = 'a program sees nothing of the machine it runs on';
const NO_FILES = 'there are no modules here';
const NO_END = 'a program cannot end the server';

export const REFUSED: Readonly<Record<string, string>> = {
  'input/0': NO_OTHER_INPUT,
  'inputs/0': NO_OTHER_INPUT,
  'input_filename/0': NO_OTHER_INPUT,
  'input_line_number/0': NO_OTHER_INPUT,
  'debug/0': NO_OUTPUT,
  'stderr/0': NO_OUTPUT,
  'env/0': NO_HOST,
  'get_jq_origin/0': NO_HOST,
  'get_prog_origin/0': NO_HOST,
  'get_search_list/0': NO_HOST,
  'modulemeta/0': NO_FILES,
  'builtins/0': 'the list would not be that of jq 1.6',
  'halt/0': NO_END,
  'halt_error/0': NO_END,
  'halt_error/1': NO_END,
  'j0/0': 'Bessel functions are not served',
  'j1/0': 'Bessel functions are not served',
  'jn/2': 'Bessel functions are not served',
  'y0/0': 'Bessel functions are not served',
  'y1/0': 'Bessel functions are not served',
  'yn/2': 'Bessel functions are not served',
  'gamma/0': 'gamma and error functions are not served',
  'lgamma/0': 'gamma and error functions are not served',
  'lgamma_r/0': 'gamma and error functions are not served',
  'tgamma/0': 'gamma and error functions are not served',
  'erf/0': 'gamma and error functions are not served',
  'erfc/0': 'gamma and error functions are not served',
};

/** What jq 1.6 writes in jq, and computes by paths of its own: not served where paths are wanted. */
export const REFUSED_IN_PATHS: ReadonlySet<string> = new Set([
  ...['add/0', 'all/0', 'all/1', 'all/2', 'any/0', 'any/1', 'any/2', 'ascii_downcase/0', 'ascii_upcase/0'],
  ...['bsearch/1', 'capture/1', 'capture/2', 'combinations/0', 'combinations/1', 'flatten/0', 'flatten/1'],
  ...['from_entries/0', 'fromdate/0', 'fromdateiso8601/0', 'fromstream/1', 'group_by/1', 'gsub/2', 'gsub/3'],
  ...['in/1', 'index/1', 'indices/1', 'inside/1', 'join/1', 'match/1', 'match/2', 'max_by/1', 'min_by/1'],
  ...[
    'rindex/1',
    'scan/1',
    'sort_by/1',
    'split/2',
    'splits/1',
    'splits/2',
    'sub/2',
    'sub/3',
    'test/1',
    'test/2',
  ],
  ...['to_entries/0', 'todate/0', 'todateiso8601/0', 'tostream/0', 'transpose/0', 'truncate_stream/1'],
  ...['unique/0', 'unique_by/1', 'walk/1', 'with_entries/1'],
]);
