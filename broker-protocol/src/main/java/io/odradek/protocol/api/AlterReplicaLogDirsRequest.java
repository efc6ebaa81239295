package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.util.List;

/** Moves replicas of this broker between its log folders (KIP-113). */
@Request(key = 34, versions = "0-2", flexible = "2+")
public record AlterReplicaLogDirsRequest(List<AlterReplicaLogDir> dirs) implements ApiRequest {
    /** A log folder, by its absolute path, and what is to be moved there. */
    public record AlterReplicaLogDir(String path, List<AlterReplicaLogDirTopic> topics) {}

    /** Partitions of a topic. */
    public record AlterReplicaLogDirTopic(String name, List<Integer> partitions) {}
}
