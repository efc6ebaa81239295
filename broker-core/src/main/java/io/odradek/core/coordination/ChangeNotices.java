package io.odradek.core.coordination;

import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows notices of changes: numbered nodes below one parent, that whoever changes something leaves for all brokers. Each
 * broker also removes those that it has seen for longer than Kafka's 15 minutes, and the oldest where there are very many.
 * Who has missed one, as the gap in the numbers shows, reads everything again. Belongs to one loop.
 */
public final class ChangeNotices {
    /** As long as Apache Kafka keeps them. */
    public static final long KEPT_MS = 15 * 60 * 1000;

    /** Bounds what all brokers together leave in the tree, and what each reads with every change. */
    public static final int MOST = 250;

    private static final long BEFORE_READING_AGAIN_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ChangeNotices.class);

    private final CoordinationStore store;
    private final EventLoop loop;
    private final Clock clock;
    private final String parent;
    private final String prefix;
    private final Reader reader;
    private final FewLines lines;
    private final SortedMap<Integer, Long> seenSinceMs = new TreeMap<>();
    private long newest = -1;
    private boolean reading;
    private boolean changedMeanwhile;
    private boolean timerSet;
    private boolean missedSome;

    /** Brings changes into effect. On the loop. */
    public interface Reader {
        /** Takes over what notices tell of. {@return completes when it is in effect} */
        CompletionStage<Void> read(List<byte[]> notices);

        /** Takes over everything. {@return completes when it is in effect} */
        CompletionStage<Void> readAll();
    }

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param clock for how long a notice has been there
     * @param parent the node that they are below
     * @param prefix how their names begin
     */
    public ChangeNotices(
            CoordinationStore store, EventLoop loop, Clock clock, String parent, String prefix, Reader reader) {
        this.store = store;
        this.loop = loop;
        this.clock = clock;
        this.parent = parent;
        this.prefix = prefix;
        this.reader = reader;
        this.lines = new FewLines(LOG, clock);
    }

    /** Notices may come and go while nobody looks: everything is to be read again. */
    public void missSome() {
        missedSome = true;
    }

    /**
     * Begins to watch, and reads what there is.
     *
     * @return completes when all is in effect; fails if it cannot be read now, and will be tried again all the same
     */
    public CompletionStage<Void> begin(CoordinationSession session) {
        session.watch(parent, this::changed);
        if (reading) {
            changedMeanwhile = true;
            return CompletableFuture.completedStage(null);
        }
        return start();
    }

    private void changed() {
        if (reading) {
            changedMeanwhile = true;
        } else {
            start();
        }
    }

    private CompletionStage<Void> start() {
        reading = true;
        changedMeanwhile = false;
        CompletionStage<Void> pass = pass();
        pass.whenComplete((done, error) -> finished(error));
        return pass;
    }

    private void finished(Throwable error) {
        reading = false;
        missedSome |= error != null;
        if (error != null && !CoordinationException.is(error, Reason.SESSION_EXPIRED)) {
            tell("What has changed by " + parent + " could not be read; it will be read again", error);
            loop.schedule(BEFORE_READING_AGAIN_MS, this::changed);
        } else if (changedMeanwhile) {
            start();
        }
    }

    /** That nobody could do just now what a change asks for, as with a controller whose office ends meanwhile, is no fault. */
    private void tell(String line, Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof ApiException refused) {
            lines.warn(line + ": " + refused.error() + ", " + refused.getMessage());
        } else {
            lines.error(line, error);
        }
    }

    private CompletionStage<Void> pass() {
        return store.children(parent).thenCompose(names -> {
            SortedSet<Integer> present = numbers(names);
            List<Integer> fresh = new ArrayList<>(present.tailSet((int) (newest + 1)));
            long last = present.isEmpty() ? newest : Math.max(newest, present.last());
            boolean missed = missedSome || newest >= 0 && !fresh.isEmpty() && fresh.get(0) != newest + 1;
            missedSome = false;
            CompletionStage<Void> done = missed || fresh.size() > MOST ? reader.readAll() : each(fresh);
            return done.thenRun(() -> {
                newest = last;
                sweep(present);
            });
        });
    }

    private SortedSet<Integer> numbers(List<String> names) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String name : names) {
            try {
                if (name.startsWith(prefix)) {
                    numbers.add(Integer.valueOf(name.substring(prefix.length())));
                }
            } catch (NumberFormatException e) {
                LOG.warn("{} below {} is no notice of a change", name, parent);
            }
        }
        return numbers;
    }

    private CompletionStage<Void> each(List<Integer> fresh) {
        if (fresh.isEmpty()) {
            return reader.read(List.of());
        }
        List<byte[]> notices = new ArrayList<>(fresh.size());
        boolean[] missed = new boolean[1];
        CompletionStage<Void> read = CompletableFuture.completedStage(null);
        for (Integer number : fresh) {
            CompletionStage<Void> one = store.get(path(number))
                    .thenAccept(node -> notices.add(node.data()))
                    .exceptionallyCompose(error -> {
                        boolean gone = CoordinationException.is(error, Reason.NO_NODE);
                        missed[0] |= gone;
                        return gone ? CompletableFuture.completedStage(null) : CompletableFuture.failedStage(error);
                    });
            read = read.thenCombine(one, (before, done) -> null);
        }
        return read.thenCompose(done -> missed[0] ? reader.readAll() : reader.read(notices));
    }

    private void sweep(SortedSet<Integer> present) {
        long nowMs = clock.monotonicNs() / 1_000_000;
        seenSinceMs.keySet().retainAll(present);
        for (Integer number : present) {
            seenSinceMs.putIfAbsent(number, nowMs);
        }
        Iterator<Map.Entry<Integer, Long>> oldest = seenSinceMs.entrySet().iterator();
        int tooMany = seenSinceMs.size() - MOST;
        while (oldest.hasNext()) {
            Map.Entry<Integer, Long> notice = oldest.next();
            if (tooMany-- > 0 || nowMs - notice.getValue() >= KEPT_MS) {
                remove(notice.getKey());
                oldest.remove();
            }
        }
        if (!seenSinceMs.isEmpty() && !timerSet) {
            timerSet = true;
            loop.schedule(KEPT_MS, () -> {
                timerSet = false;
                changed();
            });
        }
    }

    /** Another broker may have removed it first; what cannot be removed now is tried again with the next pass. */
    private void remove(int number) {
        store.delete(path(number), CoordinationStore.ANY_VERSION).whenComplete((done, error) -> {
            if (error != null && !CoordinationException.is(error, Reason.NO_NODE)) {
                LOG.debug("Notice {} below {} could not be removed", number, parent, error);
            }
        });
    }

    private String path(int number) {
        String digits = Integer.toString(number);
        return parent + "/" + prefix + "0000000000".substring(Math.min(10, digits.length())) + digits;
    }
}
