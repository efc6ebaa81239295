package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Members that join, sync, beat, commit, leave, vanish and come back at random, over a log whose commits lag and which refuses,
 * fails and loses its leader now and then. The seed is the system property {@code seed}, and in each assertion's name.
 */
class RandomHistoryTest {
    private static final int CLIENTS = 5;
    private static final int STEPS = 400;

    /** A client as it sees itself. */
    private static final class Client {
        private final String instanceId;
        private String memberId = "";
        private int generation = -1;
        private boolean leads;
        private List<String> others = List.of();
        private Reply<JoinGroupResponse> join;
        private Reply<SyncGroupResponse> sync;

        private Client(String instanceId) {
            this.instanceId = instanceId;
        }

        private void forget() {
            memberId = "";
            generation = -1;
            leads = false;
            join = null;
            sync = null;
        }
    }

    private final List<Reply<?>> replies = new ArrayList<>();
    private final TreeMap<Integer, String> leaders = new TreeMap<>();
    private final Map<Integer, Long> acknowledged = new HashMap<>();
    private final Map<Integer, Long> attempted = new HashMap<>();
    private final List<Client> clients = new ArrayList<>();
    private GroupBed bed;
    private Random random;
    private String name;
    private boolean breaks;

    @RepeatedTest(40)
    void everyRequestIsAnsweredOnceAndGenerationsHaveOneLeader(RepetitionInfo repetition) {
        long seed = SimulatedWorld.seedFromSystem() * 1_000 + repetition.getCurrentRepetition();
        name = "seed " + SimulatedWorld.seedFromSystem() + ", repetition " + repetition.getCurrentRepetition();
        random = new Random(seed);
        bed = new GroupBed(GroupSettings.DEFAULTS.withInitialRebalanceDelayMs(500), seed);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client(i % 2 == 0 ? null : "instance-" + i));
        }

        for (int i = 0; i < STEPS; i++) {
            disturb();
            step(clients.get(random.nextInt(CLIENTS)));
            bed.world.advanceMs(random.nextInt(1_500));
            for (Client client : clients) {
                read(client);
            }
            if (hasBroken()) {
                breaks = false;
                leaders.clear();
            }
        }

        bed.log.breakNextAppend(false);
        bed.log.refuse(ErrorCode.NONE);
        bed.log.commitAtOnce(true);
        bed.log.commitAll();
        bed.world.advanceMs(400_000);
        assertThat(bed.state()).as(name).isIn("Empty", "Dead");
        assertThat(replies).as(name).allMatch(Reply::isHere);
        Map<Integer, Long> offsets = bed.offsets();
        acknowledged.forEach((partition, offset) -> assertThat(offsets.get(partition))
                .as(name + ": an acknowledged position or one attempted later")
                .isBetween(offset, attempted.get(partition)));
        assertMemoryIsGivenBack();
    }

    /** Whatever came and went, what is held is counted once, and given back once. */
    private void assertMemoryIsGivenBack() {
        if (!bed.state().equals("Dead")) {
            assertThat(bed.memory.usedBytes()).as(name).isPositive();
            assertThat(bed.delete(GroupBed.GROUP)).as(name).isEqualTo(ErrorCode.NONE);
        }
        assertThat(bed.memory.usedBytes()).as(name).isZero();
    }

    private void disturb() {
        switch (random.nextInt(40)) {
            case 0 -> bed.log.commitAtOnce(false);
            case 1, 2, 3 -> {
                bed.log.commitAtOnce(true);
                bed.log.commitAll();
            }
            case 4 -> bed.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
            case 5, 6, 7 -> bed.log.refuse(ErrorCode.NONE);
            case 8 -> {
                bed.failOver();
                leaders.clear();
                clients.forEach(client -> client.generation = Math.min(client.generation, 0));
            }
            case 9, 10 -> {
                bed.log.breakNextAppend(true);
                breaks = true;
            }
            default -> {}
        }
    }

    /**
     * A group whose work has failed goes on from its last stored generation, as after a fail-over: the next one may have the
     * number of one that was told to members and never stored. {@return whether that was just now}
     */
    private boolean hasBroken() {
        return breaks && !bed.log.isBroken();
    }

    private void step(Client client) {
        switch (random.nextInt(12)) {
            case 0 -> client.forget();
            case 1 -> {
                if (!client.memberId.isEmpty() && client.instanceId == null) {
                    bed.leave(client.memberId, null);
                    client.forget();
                }
            }
            case 2 -> commit(client);
            case 3, 4, 5 -> heartbeat(client);
            case 6, 7, 8 -> sync(client);
            default -> join(client);
        }
    }

    private void join(Client client) {
        if (client.join == null) {
            var joining = Joining.as(client.memberId).version(random.nextBoolean() ? 9 : 3);
            client.sync = null;
            client.join = bed.join(client.instanceId == null ? joining : joining.instance(client.instanceId));
            replies.add(client.join);
        }
    }

    private void sync(Client client) {
        if (client.generation > 0 && client.sync == null && client.join == null) {
            Map<String, String> assignments = new TreeMap<>();
            if (client.leads) {
                client.others.forEach(member -> assignments.put(member, member));
            }
            client.sync = bed.sync(client.memberId, client.instanceId, client.generation, assignments);
            replies.add(client.sync);
        }
    }

    private void heartbeat(Client client) {
        if (client.generation > 0) {
            forgetIfUnknown(client, bed.heartbeat(client.memberId, client.instanceId, client.generation));
        }
    }

    private void commit(Client client) {
        if (client.generation > 0) {
            int partition = random.nextInt(4);
            long offset = attempted.merge(partition, 1L, Long::sum);
            var reply = bed.commit(client.memberId, client.generation, partition, offset);
            replies.add(reply);
            if (reply.isHere() && GroupBed.error(reply) == ErrorCode.NONE) {
                acknowledged.put(partition, offset);
            }
        }
    }

    private void read(Client client) {
        if (client.join != null && client.join.isHere()) {
            JoinGroupResponse response = client.join.get();
            client.join = null;
            joined(client, response);
        }
        if (client.sync != null && client.sync.isHere()) {
            SyncGroupResponse response = client.sync.get();
            client.sync = null;
            if (response.errorCode() == ErrorCode.NONE && response.assignment().hasRemaining()) {
                assertThat(GroupBed.text(response.assignment())).as(name).isNotEmpty();
            }
            forgetIfUnknown(client, response.errorCode());
        }
    }

    private void joined(Client client, JoinGroupResponse response) {
        if (response.errorCode() == ErrorCode.MEMBER_ID_REQUIRED) {
            client.memberId = response.memberId();
            return;
        }
        forgetIfUnknown(client, response.errorCode());
        if (response.errorCode() != ErrorCode.NONE) {
            return;
        }
        client.memberId = response.memberId();
        client.generation = response.generationId();
        client.leads = response.leader().equals(response.memberId());
        client.others = new ArrayList<>();
        response.members().forEach(member -> client.others.add(member.memberId()));
        assertThat(response.generationId())
                .as(name + ": generations only grow")
                .isGreaterThanOrEqualTo(client.generation);
        if (client.leads && !response.skipAssignment() && !hasBroken()) {
            String before = leaders.putIfAbsent(response.generationId(), client.memberId);
            assertThat(before == null || before.equals(client.memberId))
                    .as(name + ": one leader makes the assignment of generation " + response.generationId())
                    .isTrue();
        }
    }

    private static void forgetIfUnknown(Client client, ErrorCode error) {
        if (error == ErrorCode.UNKNOWN_MEMBER_ID || error == ErrorCode.FENCED_INSTANCE_ID) {
            client.forget();
        }
    }
}
