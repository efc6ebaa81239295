package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import java.util.List;

/**
 * {@code /brokers/topics/T/partitions/P/state}, version 1 of its JSON.
 *
 * @param leader broker id of the leader, -1 for none
 * @param leaderEpoch grows with each election
 * @param isr broker ids in sync
 * @param controllerEpoch the epoch of the controller that wrote it
 * @param recovering whether the leader was elected outside of the ISR, and has not confirmed its state since (KIP-704)
 */
public record PartitionStateNode(
        int leader, int leaderEpoch, List<Integer> isr, int controllerEpoch, boolean recovering) {
    private static final String RECOVERY = "leader_recovery_state";

    /** A partition whose leader was in the ISR when it was elected. */
    public PartitionStateNode(int leader, int leaderEpoch, List<Integer> isr, int controllerEpoch) {
        this(leader, leaderEpoch, isr, controllerEpoch, false);
    }

    /** {@return the node's data} */
    public byte[] encode() {
        JsonWriter json = new JsonWriter()
                .field("controller_epoch", controllerEpoch)
                .field("leader", leader)
                .field("version", 1);
        if (recovering) {
            json.field(RECOVERY, 1);
        }
        return json.field("leader_epoch", leaderEpoch).ints("isr", isr).bytes();
    }

    /** {@return the node that was read} */
    public static PartitionStateNode decode(byte[] data) {
        JsonObject json = JsonReader.readObject(data);
        return new PartitionStateNode(
                json.intAt("leader"),
                json.intAt("leader_epoch"),
                json.intsAt("isr"),
                json.intAt("controller_epoch"),
                json.intAt(RECOVERY, 0) == 1);
    }
}
