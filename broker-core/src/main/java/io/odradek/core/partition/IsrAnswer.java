package io.odradek.core.partition;

import io.odradek.protocol.errors.ErrorCode;
import java.util.List;

/**
 * What the controller has answered to an {@link IsrProposal}. A proposal without an answer, or one that another controller
 * should be asked, is asked again, and has no answer yet.
 *
 * @param error NONE, or why nothing was changed
 * @param leaderEpoch the leader epoch on record
 * @param isr the in-sync replicas on record
 * @param partitionEpoch the version of that record
 */
public record IsrAnswer(ErrorCode error, int leaderEpoch, List<Integer> isr, int partitionEpoch) {
    /** {@return a refusal} */
    public static IsrAnswer refused(ErrorCode error) {
        return new IsrAnswer(error, -1, List.of(), -1);
    }
}
