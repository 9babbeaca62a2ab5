/** All cases: what is generated from the model first, then by subject. */
import type { Case } from './case.ts';
import { accessDeniedCases } from './cases/access-denied.ts';
import { channelCases } from './cases/channels.ts';
import { consumerCases } from './cases/consumers.ts';
import { expiryCases } from './cases/expiry.ts';
import { identifyCases } from './cases/identify.ts';
import { inUseCases } from './cases/in-use.ts';
import { iteratorCases } from './cases/iterators.ts';
import { notFoundCases } from './cases/not-found.ts';
import { protocolCases } from './cases/protocol.ts';
import { rateCases } from './cases/rates.ts';
import { recordCases } from './cases/records.ts';
import { reshardCases } from './cases/reshard.ts';
import { sequenceNumberCases } from './cases/sequence-numbers.ts';
import { serializationCases } from './cases/serialization.ts';
import { settingCases } from './cases/settings.ts';
import { streamCases } from './cases/streams.ts';
import { tagCases } from './cases/tags.ts';
import { throughputCases } from './cases/throughput.ts';
import { validationCases } from './cases/validation.ts';
import { constraintCases } from './constraint-cases.ts';

export function allCases(): readonly Case[] {
  return [
    ...constraintCases(),
    ...accessDeniedCases(),
    ...channelCases(),
    ...consumerCases(),
    ...expiryCases(),
    ...identifyCases(),
    ...inUseCases(),
    ...iteratorCases(),
    ...notFoundCases(),
    ...protocolCases(),
    ...rateCases(),
    ...recordCases(),
    ...reshardCases(),
    ...sequenceNumberCases(),
    ...serializationCases(),
    ...settingCases(),
    ...streamCases(),
    ...tagCases(),
    ...throughputCases(),
    ...validationCases(),
  ];
}
