package io.odradek.server.tools.transactions;

import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction as a partition sees it that is not ended there.
 *
 * @param partition it
 * @param producer whose transaction it is
 */
record OpenTransaction(TopicPartition partition, ProducerState producer) {}
