/** The partition of AWS that a region is in, as ARNs name it. */

/** Of regions that begin so; all others are in the partition `aws`. Source: the SDKs' partitions.json. */
const PARTITIONS: readonly (readonly [regions: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** Nearly every call is in the region of the call before. */
let lastRegion = '';
let lastPartition = 'aws';

export function awsPartition(region: string): string {
  if (region === lastRegion) return lastPartition;
  const found = PARTITIONS.find(([regions]) => region.startsWith(regions));
  lastRegion = region;
  lastPartition = found === undefined ? 'aws' : found[1];
  return lastPartition;
}
