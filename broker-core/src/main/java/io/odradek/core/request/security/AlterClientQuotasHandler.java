package io.odradek.core.request.security;

import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.config.dynamic.QuotaKey;
import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.AlterClientQuotasRequest;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntryData;
import io.odradek.protocol.api.AlterClientQuotasRequest.OpData;
import io.odradek.protocol.api.AlterClientQuotasResponse;
import io.odradek.protocol.api.AlterClientQuotasResponse.EntityData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * AlterClientQuotas 0 to 1: sets and removes quotas, all of an entry or none, one entry after the other. It is answered when they
 * hold at this broker; the others hear of it at once. Entries for the same are answered once, with what became of the last.
 *
 * <p>Errors of an entry: INVALID_REQUEST if nobody is meant, or for a quota that there is not, or one of such a value;
 * REQUEST_TIMED_OUT, POLICY_VIOLATION, KAFKA_STORAGE_ERROR.
 */
public final class AlterClientQuotasHandler implements RequestHandler<AlterClientQuotasRequest> {
    private static final long WAIT_MS = 30_000;

    private final ClientConfigs clients;
    private final EventLoop loop;
    private final Hosts hosts;

    /**
     * Tells which names of hosts there are.
     *
     * @param known whether a name can be looked up, which blocks
     * @param blocking where that may be
     */
    public record Hosts(Predicate<String> known, Executor blocking) {}

    /** @param loop where waiting requests live */
    public AlterClientQuotasHandler(ClientConfigs clients, EventLoop loop, Hosts hosts) {
        this.clients = clients;
        this.loop = loop;
        this.hosts = hosts;
    }

    @Override
    public void handle(AlterClientQuotasRequest request, RequestContext context) {
        Work work = new Work(request);
        loop.post(work::next);
        Deadline.await(context, loop, WAIT_MS, work.done, (nothing, error) -> {
            work.over = true;
            context.respond(new AlterClientQuotasResponse(work.results()));
        });
    }

    /** One request's entries. Belongs to the loop. */
    private final class Work {
        private final List<EntryData> entries;
        private final boolean validateOnly;
        private final Map<List<EntityData>, ApiException> refused = new LinkedHashMap<>();
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private int next;
        private boolean over;

        private Work(AlterClientQuotasRequest request) {
            entries = request.entries();
            validateOnly = request.validateOnly();
            ApiException notYet = new ApiException(ErrorCode.REQUEST_TIMED_OUT, null);
            for (EntryData entry : entries) {
                refused.put(parts(entry), notYet);
            }
        }

        private void next() {
            if (over || next == entries.size()) {
                done.complete(null);
                return;
            }
            EntryData entry = entries.get(next++);
            alter(entry, validateOnly)
                    .whenComplete((stored, error) -> loop.post(() -> {
                        refused.put(parts(entry), error == null ? null : refusal(error));
                        next();
                    }));
        }

        private List<AlterClientQuotasResponse.EntryData> results() {
            List<AlterClientQuotasResponse.EntryData> results = new ArrayList<>();
            refused.forEach((parts, refusal) -> results.add(
                    refusal == null
                            ? new AlterClientQuotasResponse.EntryData(ErrorCode.NONE, null, parts)
                            : new AlterClientQuotasResponse.EntryData(refusal.error(), refusal.getMessage(), parts)));
            return results;
        }
    }

    /** {@return the parts of whom an entry is for, each type once} */
    private static List<EntityData> parts(EntryData entry) {
        Map<String, EntityData> parts = new LinkedHashMap<>();
        for (AlterClientQuotasRequest.EntityData part : entry.entity()) {
            parts.put(part.entityType(), new EntityData(part.entityType(), part.entityName()));
        }
        return List.copyOf(parts.values());
    }

    private static ApiException refusal(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof ApiException refusal ? refusal : new ApiException(ErrorCode.UNKNOWN_SERVER_ERROR, null);
    }

    private CompletionStage<Void> alter(EntryData entry, boolean validateOnly) {
        try {
            ClientEntity entity = QuotaEntities.of(entry.entity());
            CompletionStage<Void> there =
                    entity.ip() == null ? CompletableFuture.completedStage(null) : find(entity.ip());
            return there.thenCompose(
                    found -> clients.alter(entity, before -> after(entity, before, entry.ops()), validateOnly));
        } catch (ApiException refusal) {
            return CompletableFuture.failedStage(refusal);
        }
    }

    private CompletionStage<Void> find(String ip) {
        if (!QuotaEntities.isHostName(ip)) {
            QuotaEntities.checkAddress(ip);
            return CompletableFuture.completedStage(null);
        }
        if (ip.indexOf(':') >= 0) {
            // As with Kafka, to which the node of such an address would be unreadable, and would end its start.
            return CompletableFuture.failedStage(QuotaEntities.noAddress(ip));
        }
        CompletableFuture<Void> found = new CompletableFuture<>();
        hosts.blocking().execute(() -> {
            if (hosts.known().test(ip)) {
                found.complete(null);
            } else {
                found.completeExceptionally(QuotaEntities.noAddress(ip));
            }
        });
        return found;
    }

    private static SortedMap<String, String> after(
            ClientEntity entity, SortedMap<String, String> before, List<OpData> changes) {
        SortedMap<String, String> after = new TreeMap<>(before);
        for (OpData change : changes) {
            QuotaKey quota = QuotaKey.of(change.key(), entity);
            if (quota != null && change.remove()) {
                after.remove(quota.key());
            } else if (quota != null) {
                after.put(quota.key(), quota.text(change.value()));
            } else if (!change.remove()) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST, "Invalid configuration key " + Quoted.text(change.key()));
            }
        }
        return after;
    }
}
