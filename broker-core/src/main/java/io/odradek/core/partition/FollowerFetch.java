package io.odradek.core.partition;

/**
 * What a follower says of itself with a fetch: it has everything before the offset that it asks for.
 *
 * @param brokerId its broker id
 * @param brokerEpoch the life of that broker, -1 if it does not say
 * @param offset the offset it fetches from, the end of its log
 * @param logStartOffset where its log begins, -1 if it does not say
 */
public record FollowerFetch(int brokerId, long brokerEpoch, long offset, long logStartOffset) {}
