package io.odradek.core.controller;

import io.odradek.protocol.TopicPartition;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A topic on its way out. Immutable.
 *
 * <pre>
 *   a broker with replicas:   left ── they are gone ──▶ (done)
 *                              ▲ └─── it cannot delete them ──▶ refusing ──┐
 *                              └────────── it has come back as another ◀───┘
 * </pre>
 *
 * The topic goes when no broker is left. One that is not there holds it up until it is back, as Kafka has it: its logs would
 * come back with it.
 *
 * @param topic the topic as it was
 * @param left the brokers that may still have replicas
 * @param refusing those of them that are there and cannot delete them
 */
record Deletion(ControlledTopic topic, SortedSet<Integer> left, SortedSet<Integer> refusing) {
    /** {@return the deletion as it begins} */
    static Deletion of(ControlledTopic topic) {
        return new Deletion(topic, topic.brokers(), new TreeSet<>());
    }

    /** {@return the brokers to tell, of those that live} */
    SortedSet<Integer> toTell(Collection<Integer> live) {
        SortedSet<Integer> brokers = new TreeSet<>(left);
        brokers.retainAll(live);
        brokers.removeAll(refusing);
        return brokers;
    }

    /** {@return after a broker's answer} */
    Deletion answered(int brokerId, Collection<TopicPartition> undeleted) {
        SortedSet<Integer> stillLeft = new TreeSet<>(left);
        SortedSet<Integer> nowRefusing = new TreeSet<>(refusing);
        if (topic.partitionsOn(brokerId).stream().noneMatch(undeleted::contains)) {
            stillLeft.remove(brokerId);
        } else if (stillLeft.contains(brokerId)) {
            nowRefusing.add(brokerId);
        }
        return new Deletion(topic, stillLeft, nowRefusing);
    }

    /** {@return after a broker has gone, or come back as another: it may be asked again} */
    Deletion changed(int brokerId) {
        SortedSet<Integer> others = new TreeSet<>(refusing);
        others.remove(brokerId);
        return new Deletion(topic, left, others);
    }

    /** {@return whether nothing is left of it on any broker} */
    boolean done() {
        return left.isEmpty();
    }
}
