/**
 * How the replicas of several brokers are kept in step. One broker alone loads none of it.
 *
 * <pre>{@code
 *   owners' loops                        fetch loop                            other brokers
 *
 *   Partition --follow, unfollow-------> FetcherManager
 *     (its role has changed)               one ReplicaFetcher for each         Fetch, ListOffsets
 *                                          leader and fetcher number  <------> of the leader
 *   Partition.followerLog <--answers-----  FetcherState of each partition,
 *     (append, cut)        --positions-->  FetcherSession with the leader
 *
 *   LeaderDuties --propose, withdraw---> IsrChangeSender              <------> AlterPartition
 *                <--what became of it---                                       of the controller
 * }</pre>
 *
 * A fetcher has one request under way. Its answer's records stay in the network's buffer until the owners have appended them;
 * then the next request goes out, and tells the leader by its offsets what this broker has. What a partition's answer calls
 * for is decided by pure functions in {@link io.odradek.core.replication.FetcherState} and {@link
 * io.odradek.core.replication.Reaction}.
 */
package io.odradek.core.replication;
