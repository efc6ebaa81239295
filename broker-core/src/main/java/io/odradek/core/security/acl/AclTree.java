package io.odradek.core.security.acl;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.AclPaths;
import io.odradek.core.coordination.ChangeNotices;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.AclChangeNode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of the cluster's tree, as this broker knows them: all of them in memory, kept true by the notices that whoever
 * changes them leaves. What cannot be read is said, and opens no door ({@link StoredAcls}). Before it has read them, nobody
 * but super users is let in. Everything but {@link #authorizer} belongs to the cluster loop.
 */
public final class AclTree implements TermListener {
    private static final Logger LOG = LoggerFactory.getLogger(AclTree.class);
    private static final byte[] NO_DATA = {};

    private final CoordinationStore store;
    private final BrokerConfig config;
    private final ChangeNotices literal;
    private final ChangeNotices extended;
    private volatile Authorizer authorizer;
    private CompletionStage<Void> reading = CompletableFuture.completedStage(null);

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param config who may do everything, and what holds where there are no entries
     */
    public AclTree(CoordinationStore store, EventLoop loop, Clock clock, BrokerConfig config) {
        this.store = store;
        this.config = config;
        this.authorizer = Authorizer.closed(config);
        this.literal = notices(loop, clock, AclPaths.LITERAL_CHANGES, AclChangeNode::decodeLiteral);
        this.extended = notices(loop, clock, AclPaths.EXTENDED_CHANGES, AclChangeNode::decodeExtended);
    }

    private ChangeNotices notices(EventLoop loop, Clock clock, String parent, Function<byte[], AclChangeNode> decode) {
        return new ChangeNotices(store, loop, clock, parent, AclPaths.CHANGE_PREFIX, new ChangeNotices.Reader() {
            @Override
            public CompletionStage<Void> read(List<byte[]> notices) {
                return changed(patterns(notices, decode));
            }

            @Override
            public CompletionStage<Void> readAll() {
                return AclTree.this.readAll();
            }
        });
    }

    /** {@return who decides now; from any thread} */
    public Authorizer authorizer() {
        return authorizer;
    }

    /** Makes the nodes that others are below, and reads everything. {@return fails if the tree cannot be read} */
    public CompletionStage<Void> load() {
        return makeFolders().thenCompose(made -> readAll());
    }

    @Override
    public CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        literal.missSome();
        extended.missSome();
        return makeFolders()
                .thenCompose(made -> literal.begin(session).thenCombine(extended.begin(session), (one, two) -> null));
    }

    /** What it knows holds on: who is cut off from the tree hears of no change, as with Kafka. */
    @Override
    public CompletionStage<Void> termEnded() {
        return CompletableFuture.completedStage(null);
    }

    /** Makes the nodes that others are below, where there are none. */
    CompletionStage<Void> makeFolders() {
        List<String> folders = new ArrayList<>(List.of(AclPaths.EXTENDED));
        for (PatternType pattern : PatternType.values()) {
            folders.add(StoredAcls.root(pattern));
            for (ResourceType type : ResourceType.values()) {
                folders.add(StoredAcls.folder(type, pattern));
            }
        }
        folders.addAll(List.of(AclPaths.LITERAL_CHANGES, AclPaths.EXTENDED_CHANGES));
        CompletionStage<Void> made = CompletableFuture.completedStage(null);
        for (String folder : folders) {
            made = made.thenCompose(before -> store.create(folder, NO_DATA, CreateMode.PERSISTENT)
                    .<Void>thenApply(created -> null)
                    .exceptionallyCompose(error -> otherwise(error, Reason.NODE_EXISTS, null)));
        }
        return made;
    }

    /** Reads the entries for some resources again. {@return completes when they hold} */
    CompletionStage<Void> changed(SortedSet<ResourcePattern> patterns) {
        return inTurn(() -> read(patterns).thenAccept(changes -> {
            if (!changes.isEmpty()) {
                authorizer = Authorizer.of(config, authorizer.image().with(changes));
            }
        }));
    }

    private CompletionStage<Void> readAll() {
        return inTurn(() -> patternsOf(PatternType.LITERAL)
                .thenCombine(patternsOf(PatternType.PREFIXED), (names, prefixes) -> {
                    names.addAll(prefixes);
                    return names;
                })
                .thenCompose(this::read)
                .thenAccept(all -> authorizer = Authorizer.of(config, AclImage.EMPTY.with(all))));
    }

    /** One reading begins when the one before has ended: none is put over a later one. */
    private CompletionStage<Void> inTurn(Supplier<CompletionStage<Void>> task) {
        CompletionStage<Void> turn = reading.handle((done, error) -> null).thenCompose(free -> task.get());
        reading = turn;
        return turn;
    }

    private CompletionStage<SortedSet<ResourcePattern>> patternsOf(PatternType pattern) {
        return children(StoredAcls.root(pattern)).thenCompose(types -> {
            CompletionStage<SortedSet<ResourcePattern>> all = CompletableFuture.completedStage(new TreeSet<>());
            for (String name : types) {
                ResourceType type = ResourceType.ofName(name);
                if (type == null) {
                    LOG.warn(
                            "{} is no kind of resource: what {} has of it is passed over",
                            name,
                            StoredAcls.root(pattern));
                    continue;
                }
                CompletionStage<List<String>> names = children(StoredAcls.root(pattern) + "/" + name);
                all = all.thenCombine(names, (patterns, found) -> {
                    found.forEach(one -> patterns.add(new ResourcePattern(type, one, pattern)));
                    return patterns;
                });
            }
            return all;
        });
    }

    private CompletionStage<SortedMap<ResourcePattern, List<AclEntry>>> read(SortedSet<ResourcePattern> patterns) {
        CompletionStage<SortedMap<ResourcePattern, List<AclEntry>>> all =
                CompletableFuture.completedStage(new TreeMap<>());
        for (ResourcePattern pattern : patterns) {
            CompletionStage<byte[]> data = store.get(StoredAcls.path(pattern))
                    .thenApply(CoordinationStore.Node::data)
                    .exceptionallyCompose(error -> otherwise(error, Reason.NO_NODE, NO_DATA));
            all = all.thenCombine(data, (read, bytes) -> {
                read.put(pattern, entries(pattern, bytes));
                return read;
            });
        }
        return all;
    }

    private static List<AclEntry> entries(ResourcePattern pattern, byte[] data) {
        StoredAcls stored = StoredAcls.read(data);
        if (!stored.faults().isEmpty()) {
            LOG.error(
                    "Of the access control entries in {} some cannot be read: what they might allow is not allowed, what they"
                            + " might forbid is forbidden, until they are written anew: {}",
                    StoredAcls.path(pattern),
                    stored.faults());
        }
        return stored.entries();
    }

    private static SortedSet<ResourcePattern> patterns(List<byte[]> notices, Function<byte[], AclChangeNode> decode) {
        SortedSet<ResourcePattern> patterns = new TreeSet<>();
        for (byte[] data : notices) {
            try {
                patterns.add(pattern(decode.apply(data)));
            } catch (IllegalArgumentException e) {
                LOG.error("A notice that access control entries have changed cannot be read: {}", e.getMessage());
            }
        }
        return patterns;
    }

    private static ResourcePattern pattern(AclChangeNode notice) {
        ResourceType type = ResourceType.ofConstant(notice.resourceType());
        boolean nameable = !notice.name().isEmpty() && notice.name().indexOf('/') < 0;
        if (type == null || !nameable) {
            throw new IllegalArgumentException("it is about no resource that there is");
        }
        return new ResourcePattern(type, notice.name(), PatternType.valueOf(notice.patternType()));
    }

    private CompletionStage<List<String>> children(String parent) {
        return store.children(parent).exceptionallyCompose(error -> otherwise(error, Reason.NO_NODE, List.of()));
    }

    private static <T> CompletionStage<T> otherwise(Throwable error, Reason harmless, T value) {
        return CoordinationException.is(error, harmless)
                ? CompletableFuture.completedStage(value)
                : CompletableFuture.failedStage(error);
    }
}
