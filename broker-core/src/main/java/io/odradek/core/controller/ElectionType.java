package io.odradek.core.controller;

/** Which leader an election that was asked for is to bring. */
public enum ElectionType {
    /** The first of the partition's replicas, if it is live and in sync. */
    PREFERRED,
    /** Any live replica where no live one is in sync, at the price of records (KIP-460). */
    UNCLEAN
}
