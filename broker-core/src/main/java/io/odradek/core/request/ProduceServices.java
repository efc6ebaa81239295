package io.odradek.core.request;

import io.odradek.storage.env.Clock;

/**
 * What the parts of Produce requests need.
 *
 * @param lookup finds partitions
 * @param clock for LogAppendTime and the age of segments
 * @param background checks large batches
 * @param behindChecks the requests that such checks hold up
 * @param behindCoordinators the requests that wait for what coordinators of transactions say
 * @param maxWaitMs the longest wait for other replicas
 * @param verification asks whether transactional batches may be taken
 */
record ProduceServices(
        PartitionLookup lookup,
        Clock clock,
        FewAtOnce background,
        HeldUp behindChecks,
        HeldUp behindCoordinators,
        long maxWaitMs,
        ProduceVerification verification) {}
