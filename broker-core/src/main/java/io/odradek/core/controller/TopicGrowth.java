package io.odradek.core.controller;

import java.util.List;

/**
 * More partitions that somebody wants for a topic.
 *
 * @param topic the topic's name
 * @param partitions how many there are to be in all
 * @param assignment the broker ids of each new partition's replicas in the order of the partitions; null to let the
 *     controller place them
 */
public record TopicGrowth(String topic, int partitions, List<List<Integer>> assignment) {}
