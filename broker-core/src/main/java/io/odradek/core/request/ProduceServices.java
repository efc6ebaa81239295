package io.odradek.core.request;

import io.odradek.storage.env.Clock;

/**
 * What the parts of Produce requests need.
 *
 * @param lookup finds partitions
 * @param clock for LogAppendTime and the age of segments
 * @param background checks large batches
 * @param heldUp the requests that large batches or questions to coordinators hold up
 * @param maxWaitMs the longest wait for other replicas
 * @param verification asks whether transactional batches may be taken
 */
record ProduceServices(
        PartitionLookup lookup,
        Clock clock,
        FewAtOnce background,
        HeldUp heldUp,
        long maxWaitMs,
        ProduceVerification verification) {}
