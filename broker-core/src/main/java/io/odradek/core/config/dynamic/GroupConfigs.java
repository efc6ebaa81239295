package io.odradek.core.config.dynamic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.GroupSettingTable;
import io.odradek.core.config.Setting;
import io.odradek.core.config.dynamic.TopicConfigChange.Modify;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.config.dynamic.TopicConfigChange.Replace;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.EventLoop;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What consumer groups are set to, in the tree under {@code /config/groups}, in the form of topics' settings. */
public final class GroupConfigs {
    private static final String GROUPS = "groups/";
    private static final String PARENT = "/config/groups";

    private final CoordinationStore store;
    private final EntityWriter writer;

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     */
    public GroupConfigs(CoordinationStore store, EventLoop loop) {
        this.store = store;
        this.writer = new EntityWriter(store, loop);
    }

    /** {@return the groups that something is set for; on the session's loop} */
    public CompletionStage<SortedSet<String>> groups() {
        return store.children(PARENT)
                .exceptionallyCompose(error -> otherwise(error, List.of()))
                .thenApply(nodes -> {
                    SortedSet<String> groups = new TreeSet<>();
                    nodes.forEach(node -> groups.add(URLDecoder.decode(node, UTF_8)));
                    return groups;
                });
    }

    /** {@return what each group is set to, none for one of which nothing is stored; on the session's loop} */
    public CompletionStage<Map<String, SortedMap<String, String>>> read(Collection<String> groups) {
        CompletionStage<Map<String, SortedMap<String, String>>> all = CompletableFuture.completedStage(new TreeMap<>());
        for (String group : groups) {
            all = all.thenCombine(read(group), (read, settings) -> {
                read.put(group, settings);
                return read;
            });
        }
        return all;
    }

    private CompletionStage<SortedMap<String, String>> read(String group) {
        return store.get(PARENT + "/" + node(group))
                .thenApply(CoordinationStore.Node::data)
                .exceptionallyCompose(error -> otherwise(error, new byte[0]))
                .thenApply(data -> {
                    SortedMap<String, String> settings = decode(data);
                    settings.keySet().removeIf(name -> GroupSettingTable.table().find(name) == null);
                    return settings;
                });
    }

    private static <T> CompletionStage<T> otherwise(Throwable error, T missing) {
        return CoordinationException.is(error, Reason.NO_NODE)
                ? CompletableFuture.completedStage(missing)
                : CompletableFuture.failedStage(error);
    }

    /**
     * Changes settings, all or nothing. May be called from any thread.
     *
     * @param validateOnly whether nothing is to be stored
     * @return completes on the loop when the change is stored; fails with an {@link ApiException}: INVALID_CONFIG,
     *     POLICY_VIOLATION if it is too large to be stored, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR
     */
    public CompletionStage<Void> alter(String group, TopicConfigChange change, boolean validateOnly) {
        EntityWriter.Change stored = new EntityWriter.Change(
                GROUPS + node(group),
                List.of(),
                null,
                data -> after(decode(data), change),
                () -> CompletableFuture.completedStage(null),
                true);
        CompletableFuture<Void> result = new CompletableFuture<>();
        writer.loop()
                .post(() -> parent(validateOnly)
                        .handle((there, error) -> null)
                        .thenCompose(tried -> writer.alter(stored, validateOnly))
                        .whenComplete((done, error) -> {
                            if (error == null) {
                                result.complete(null);
                            } else {
                                result.completeExceptionally(error);
                            }
                        }));
        return result;
    }

    /** Kafka's ZooKeeper mode has none. */
    private CompletionStage<String> parent(boolean validateOnly) {
        return validateOnly
                ? CompletableFuture.completedStage(PARENT)
                : store.create(PARENT, new byte[0], CreateMode.PERSISTENT);
    }

    private static SortedMap<String, String> after(SortedMap<String, String> before, TopicConfigChange change) {
        SortedMap<String, String> after = new TreeMap<>(
                change instanceof Replace replace ? replace.overrides() : modified(before, (Modify) change));
        after.forEach((name, value) -> {
            Setting setting = GroupSettingTable.table().find(name);
            if (setting == null) {
                throw new ApiException(ErrorCode.INVALID_CONFIG, "Unknown group config name: " + Quoted.text(name));
            }
            try {
                setting.check(value);
            } catch (ConfigException refusal) {
                throw new ApiException(ErrorCode.INVALID_CONFIG, refusal.getMessage());
            }
        });
        return after;
    }

    private static SortedMap<String, String> modified(SortedMap<String, String> before, Modify change) {
        SortedMap<String, String> after = new TreeMap<>(before);
        for (Operation operation : change.operations()) {
            switch (operation.kind()) {
                case SET -> after.put(operation.name(), operation.value());
                case DELETE -> after.remove(operation.name());
                case APPEND, SUBTRACT ->
                    throw new ApiException(
                            ErrorCode.INVALID_CONFIG,
                            "Config value append is not allowed for config key: " + Quoted.text(operation.name()));
            }
        }
        return after;
    }

    private static SortedMap<String, String> decode(byte[] data) {
        try {
            return UsableSettings.decode(data);
        } catch (IllegalArgumentException unreadable) {
            return new TreeMap<>();
        }
    }

    /** {@return the node of a group, whose name may have characters that none of a node may have} */
    private static String node(String group) {
        String encoded = URLEncoder.encode(group, UTF_8).replace("+", "%20").replace("*", "%2A");
        return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
    }
}
