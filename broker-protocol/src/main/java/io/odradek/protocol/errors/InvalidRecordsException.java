package io.odradek.protocol.errors;

import java.util.List;

/** A batch refused for the sake of single records, which the response names from Produce 8 on (KIP-467). */
public final class InvalidRecordsException extends ApiException {
    private static final long serialVersionUID = 1L;

    private final transient List<RecordError> recordErrors;

    /**
     * @param error the code to answer, INVALID_RECORD or INVALID_TIMESTAMP
     * @param message what is wrong with the batch as a whole
     * @param recordErrors the records at fault, in order; the first of them if they are many
     */
    public InvalidRecordsException(ErrorCode error, String message, List<RecordError> recordErrors) {
        super(error, message);
        this.recordErrors = List.copyOf(recordErrors);
    }

    /** {@return the records at fault, in order} */
    public List<RecordError> recordErrors() {
        return recordErrors;
    }

    /**
     * A record at fault.
     *
     * @param batchIndex its place in the batch, from 0
     * @param message what is wrong with it
     */
    public record RecordError(int batchIndex, String message) {}
}
