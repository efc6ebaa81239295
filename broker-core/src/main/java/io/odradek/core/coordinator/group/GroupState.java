package io.odradek.core.coordinator.group;

/**
 * Where a group stands in the classic rebalance protocol.
 *
 * <pre>
 *                first member joins                 all joined, or time is up
 *     EMPTY ---------------------------> PREPARING ----------------------------> COMPLETING
 *       ^  ^                             REBALANCE                               REBALANCE
 *       |  |                              |  ^  ^                                  |   |
 *       |  +------------------------------+  |  |   a member joins, leaves, dies   |   |
 *       |        nobody is left              |  +----------------------------------+   |
 *       |                                    |                                         | leader's assignment
 *       | replay of a group without          | a member joins, leaves, dies            | is committed
 *       | members                            |                                         v
 *      ---                                   +--------------------------------------- STABLE
 *
 *     EMPTY ---- deleted, or its last position expired ----> DEAD
 *     any   ---- this broker stops coordinating it    ----> DEAD
 * </pre>
 */
enum GroupState {
    /** No members; there may be positions. */
    EMPTY("Empty"),
    /** Members are asked to join again. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** The generation is set; its leader's assignment is awaited. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Members have their assignments. */
    STABLE("Stable"),
    /** Gone. */
    DEAD("Dead");

    private final String text;

    GroupState(String text) {
        this.text = text;
    }

    /** {@return the state's name in DescribeGroups and ListGroups} */
    String text() {
        return text;
    }

    boolean mayRebalance() {
        return this == EMPTY || this == COMPLETING_REBALANCE || this == STABLE;
    }

    boolean mayBecome(GroupState next) {
        return switch (next) {
            case DEAD -> true;
            case EMPTY -> this == PREPARING_REBALANCE;
            case PREPARING_REBALANCE -> mayRebalance();
            case COMPLETING_REBALANCE -> this == PREPARING_REBALANCE;
            case STABLE -> this == COMPLETING_REBALANCE;
        };
    }
}
