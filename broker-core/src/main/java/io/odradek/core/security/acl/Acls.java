package io.odradek.core.security.acl;

import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.AclNode.Acl;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Lists, adds and takes away access control entries. May be called from any thread. */
public final class Acls {
    private final AclWriter writer;
    private final AclTree tree;

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param tree what is known of the entries
     */
    public Acls(CoordinationStore store, EventLoop loop, AclTree tree) {
        this.writer = new AclWriter(store, loop, tree);
        this.tree = tree;
    }

    /**
     * What has become of a binding that was to be changed.
     *
     * @param binding the binding
     * @param refusal why it has not been, null if it has
     */
    public record Changed(AclBinding binding, ApiException refusal) {}

    /** {@return what this broker knows of, by pattern} */
    public List<AclBinding> find(AclFilter filter) {
        return tree.authorizer().image().matching(filter);
    }

    /**
     * Adds entries; those that are there already stay as they are. One pattern after the other, each all or nothing.
     *
     * @return for each binding, in their order, why it has not been added, or null; completes on the loop
     */
    public CompletionStage<List<ApiException>> create(List<AclBinding> bindings) {
        Map<ResourcePattern, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < bindings.size(); i++) {
            places.computeIfAbsent(bindings.get(i).pattern(), pattern -> new ArrayList<>())
                    .add(i);
        }
        List<ApiException> refusals = new ArrayList<>(Collections.nCopies(bindings.size(), null));
        return onLoop(() -> {
            CompletionStage<Void> all = CompletableFuture.completedStage(null);
            for (Map.Entry<ResourcePattern, List<Integer>> one : places.entrySet()) {
                all = all.thenCompose(before -> add(one.getKey(), one.getValue(), bindings))
                        .exceptionally(error -> {
                            one.getValue().forEach(place -> refusals.set(place, refusal(error)));
                            return null;
                        });
            }
            return all.thenApply(done -> refusals);
        });
    }

    private CompletionStage<Void> add(ResourcePattern pattern, List<Integer> places, List<AclBinding> bindings) {
        return writer.alter(pattern, before -> {
            Set<Acl> after = new LinkedHashSet<>(before);
            for (int place : places) {
                after.add(StoredAcls.stored(bindings.get(place).entry()));
            }
            return List.copyOf(after);
        });
    }

    /**
     * Takes away what filters match: of what this broker knows of, and of what is in the tree for the patterns that they name.
     *
     * @return for each filter, in their order, what it is the first of them to match; completes on the loop
     */
    public CompletionStage<List<List<Changed>>> delete(List<AclFilter> filters) {
        List<List<Changed>> results = new ArrayList<>(filters.size());
        filters.forEach(filter -> results.add(new ArrayList<>()));
        return onLoop(() -> {
            CompletionStage<Void> all = CompletableFuture.completedStage(null);
            for (ResourcePattern pattern : meant(filters)) {
                all = all.thenCompose(before -> remove(pattern, filters, results));
            }
            return all.thenApply(done -> results);
        });
    }

    private SortedSet<ResourcePattern> meant(List<AclFilter> filters) {
        SortedSet<ResourcePattern> meant = new TreeSet<>();
        for (AclFilter filter : filters) {
            AclFilter.Resources resources = filter.resources();
            if (resources.type() != null && resources.name() != null && resources.names() != AclFilter.Names.MATCH) {
                for (PatternType type : PatternType.values()) {
                    ResourcePattern named = new ResourcePattern(resources.type(), resources.name(), type);
                    if (resources.match(named) && NodeNames.legal(named.name())) {
                        meant.add(named);
                    }
                }
            }
        }
        for (ResourcePattern known : tree.authorizer().image().all().keySet()) {
            for (AclFilter filter : filters) {
                if (filter.resources().match(known)) {
                    meant.add(known);
                    break;
                }
            }
        }
        return meant;
    }

    private CompletionStage<Void> remove(
            ResourcePattern pattern, List<AclFilter> filters, List<List<Changed>> results) {
        Map<AclEntry, Integer> removed = new LinkedHashMap<>();
        return writer.alter(pattern, before -> {
                    removed.clear();
                    List<Acl> after = new ArrayList<>(before);
                    after.removeIf(acl -> isMatched(pattern, StoredAcls.entry(acl), filters, removed));
                    return after;
                })
                .handle((done, error) -> {
                    if (error != null && removed.isEmpty()) {
                        // It could not even be read: what holds meanwhile is not taken away.
                        tree.authorizer()
                                .image()
                                .all()
                                .getOrDefault(pattern, List.of())
                                .forEach(entry -> isMatched(pattern, entry, filters, removed));
                    }
                    removed.forEach((entry, filter) -> results.get(filter)
                            .add(new Changed(new AclBinding(pattern, entry), error == null ? null : refusal(error))));
                    return null;
                });
    }

    private static boolean isMatched(
            ResourcePattern pattern, AclEntry entry, List<AclFilter> filters, Map<AclEntry, Integer> removed) {
        for (int i = 0; entry != null && i < filters.size(); i++) {
            if (filters.get(i).matches(new AclBinding(pattern, entry))) {
                removed.putIfAbsent(entry, i);
                return true;
            }
        }
        return false;
    }

    private <T> CompletionStage<T> onLoop(Supplier<CompletionStage<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        writer.loop()
                .post(() -> work.get().whenComplete((value, error) -> {
                    if (error == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(error);
                    }
                }));
        return result;
    }

    private static ApiException refusal(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof ApiException refusal
                ? refusal
                : new ApiException(ErrorCode.UNKNOWN_SERVER_ERROR, String.valueOf(cause.getMessage()));
    }
}
