package io.odradek.core.controller;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What an office does with topics; made when there are any.
 *
 * @param store topics in the tree
 * @param newPartitions partitions that nobody serves yet
 * @param growth adds partitions
 * @param creation creates topics
 * @param deletion deletes them
 */
record TopicWork(
        TopicStore store,
        NewPartitions newPartitions,
        PartitionGrowth growth,
        TopicCreation creation,
        TopicDeletion deletion) {
    /** @param unknownTopics looks for topics that are in the tree and not known */
    static TopicWork of(Office office, Announcements brokers, Supplier<CompletionStage<Void>> unknownTopics) {
        TopicStore store = new TopicStore(
                office.store(), office.settings().logDefaults(), office.env().randoms());
        NewPartitions newPartitions = new NewPartitions(office, brokers);
        PartitionGrowth growth = new PartitionGrowth(office, store, newPartitions, unknownTopics);
        return new TopicWork(
                store,
                newPartitions,
                growth,
                new TopicCreation(office, store, growth, newPartitions),
                new TopicDeletion(office, store, growth, brokers));
    }
}
