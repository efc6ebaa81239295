package io.odradek.core.request;

import io.odradek.core.fetch.FetchWish;
import io.odradek.protocol.TopicPartition;

/**
 * One partition of a fetch.
 *
 * @param wish what is asked of it
 * @param id its name; null if the topic's identifier is not known
 */
record FetchItem(FetchWish wish, TopicPartition id) {}
