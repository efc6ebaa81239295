/**
 * Who governs the cluster, and what is decided in office.
 *
 * <p>A broker {@linkplain io.odradek.core.controller.Controller stands} for {@linkplain io.odradek.core.controller.Election
 * election} while it has a session with the tree. Whoever wins has an {@code Office}: what it knows ({@code ControllerState}),
 * the tree as it may write it ({@code FencedStore}), the brokers ({@link io.odradek.core.controller.BrokerOrders}), and one
 * queue of commands ({@code CommandQueue}). They end together.
 *
 * <pre>
 *   a watch, a request, a broker's answer, a timer
 *        │
 *        ▼
 *   command, when its turn comes:
 *        read    what it needs of the tree
 *        decide  by a pure function: Elections, LeaderWishes, IsrDecision, TopicPlan, GrowthPlan, BrokerNews, Deletion,
 *                MoveWishes and MoveStep for replicas that are moved
 *        write   all or nothing, fenced by the version of /controller_epoch; what is too much for one transaction in
 *                parts, each of which leaves every partition as it was or as it is to be
 *        apply   what was written to what is known
 *        tell    the brokers what has changed (Orders, Announcements), and wait for none of them
 * </pre>
 *
 * No command waits for a broker; what brokers answer comes back as a command. What a command waits for is the tree, whose
 * calls end with the session at the latest. A request that is refused, or that the tree does not take, is answered. Where it
 * is not known what is in the tree (a connection lost with a write under way, a version that nobody else should have raised),
 * the office ends, and the next one reads everything: that is the one way in which a controller recovers from anything.
 */
package io.odradek.core.controller;
