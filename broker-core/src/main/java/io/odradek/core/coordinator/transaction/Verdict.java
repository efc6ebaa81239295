package io.odradek.core.coordinator.transaction;

import io.odradek.protocol.errors.ErrorCode;

/**
 * What a producer is told.
 *
 * @param error NONE, or what is wrong with its request
 * @param producerId the id to go on with, {@link Producer#NO_ID} with an error
 * @param producerEpoch the epoch to go on with, {@link Producer#NO_EPOCH} with an error
 */
public record Verdict(ErrorCode error, long producerId, short producerEpoch) {
    /** {@return a refusal} */
    public static Verdict of(ErrorCode error) {
        return new Verdict(error, Producer.NO_ID, Producer.NO_EPOCH);
    }

    static Verdict goOnAs(Producer producer) {
        return new Verdict(ErrorCode.NONE, producer.id(), producer.epoch());
    }
}
