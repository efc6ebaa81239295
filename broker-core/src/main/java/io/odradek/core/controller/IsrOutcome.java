package io.odradek.core.controller;

import io.odradek.protocol.errors.ErrorCode;
import java.util.List;

/**
 * What came of a leader's {@link IsrProposal}.
 *
 * @param proposal what was proposed
 * @param error NONE, or why the partition stays as it was
 * @param leader broker id of the leader, -1 with an error
 * @param leaderEpoch the leader's epoch, -1 with an error
 * @param isr the replicas in sync from now on, empty with an error
 * @param partitionEpoch the version of the partition's state, -1 with an error
 */
public record IsrOutcome(
        IsrProposal proposal, ErrorCode error, int leader, int leaderEpoch, List<Integer> isr, int partitionEpoch) {
    /** A proposal that is refused. */
    static IsrOutcome refused(IsrProposal proposal, ErrorCode error) {
        return new IsrOutcome(proposal, error, -1, -1, List.of(), -1);
    }
}
