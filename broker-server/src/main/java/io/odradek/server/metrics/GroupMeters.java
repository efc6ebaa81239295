package io.odradek.server.metrics;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.ListGroupsResponse.ListedGroup;
import io.odradek.server.Broker;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Shows how many groups a broker coordinates, in all ({@code groups}) and by state ({@code groups.stable} and so on). When somebody looks, the
 * broker is asked as a client would ask it, at most once in a second; so not to be looked at from an event loop.
 */
public final class GroupMeters {
    private static final short VERSION = 4;
    private static final long FRESH_NS = 1_000_000_000;
    private static final long PATIENCE_MS = 1_000;

    private final Broker broker;
    private final Clock clock;
    private List<ListedGroup> groups = List.of();
    private long askedNs;

    private GroupMeters(Broker broker, Clock clock) {
        this.broker = broker;
        this.clock = clock;
        this.askedNs = clock.monotonicNs() - FRESH_NS;
    }

    /** Shows the groups of a broker that serves. */
    public static void show(Broker broker, Meters meters, Clock clock) {
        GroupMeters shown = new GroupMeters(broker, clock);
        meters.gauge("groups", () -> shown.groups().size());
        shown.show(meters, "groups.stable", "Stable");
        shown.show(meters, "groups.preparing.rebalance", "PreparingRebalance");
        shown.show(meters, "groups.completing.rebalance", "CompletingRebalance");
        shown.show(meters, "groups.empty", "Empty");
        shown.show(meters, "groups.dead", "Dead");
    }

    private void show(Meters meters, String name, String state) {
        meters.gauge(name, () -> {
            long count = 0;
            for (ListedGroup group : groups()) {
                count += group.groupState().equals(state) ? 1 : 0;
            }
            return count;
        });
    }

    /** What was known before, if the broker does not answer. */
    private synchronized List<ListedGroup> groups() {
        if (clock.monotonicNs() - askedNs >= FRESH_NS) {
            try {
                ListGroupsResponse response = (ListGroupsResponse)
                        broker.ask(ApiKey.LIST_GROUPS, VERSION, new ListGroupsRequest(List.of(), List.of()))
                                .toCompletableFuture()
                                .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
                groups = response.groups();
            } catch (ExecutionException | TimeoutException unanswered) {
                askedNs = clock.monotonicNs();
                return groups;
            } catch (InterruptedException notNow) {
                Thread.currentThread().interrupt();
                return groups;
            }
            askedNs = clock.monotonicNs();
        }
        return groups;
    }
}
