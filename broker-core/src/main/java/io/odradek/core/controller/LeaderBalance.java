package io.odradek.core.controller;

/**
 * Whether and when leadership goes back to preferred leaders by itself.
 *
 * @param enabled {@code auto.leader.rebalance.enable}
 * @param mostPercent {@code leader.imbalance.per.broker.percentage}: so much of what a broker is to lead may be led elsewhere
 * @param intervalMs {@code leader.imbalance.check.interval.seconds}, in milliseconds
 */
public record LeaderBalance(boolean enabled, int mostPercent, long intervalMs) {}
