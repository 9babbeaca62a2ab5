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
