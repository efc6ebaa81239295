package io.odradek.protocol.persisted;

import io.odradek.protocol.schema.Message;

/**
 * The key of a transaction's state in {@code __transaction_state}, two bytes of version before it.
 *
 * @param transactionalId the producer's name for its transactions
 */
@Message(versions = "0", flexible = "none")
public record TransactionLogKey(String transactionalId) {}
