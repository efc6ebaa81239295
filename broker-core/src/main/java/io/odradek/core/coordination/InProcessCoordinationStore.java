package io.odradek.core.coordination;

import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.PassingFailure;
import io.odradek.storage.manager.StorageEnvironment.FailureListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's tree without ZooKeeper: one sorted map on one loop, kept by a journal in the log folders. The brokers of one
 * JVM may share a store, each through a {@link #openSession session} of its own.
 *
 * <p>A change is visible and answered once it is in the journal. While one group of changes is on its way to the disk the
 * next one gathers, and every answer that could show such a change waits with it. If the journal fails, everything is
 * answered STORAGE_FAILURE from then on. If its disks are full, what is under way and what has gathered is
 * taken back out of the tree and answered STORAGE_FAILURE, and the next change tries them again; a store that could never write
 * fails for good.
 */
public final class InProcessCoordinationStore {
    private static final Logger LOG = LoggerFactory.getLogger(InProcessCoordinationStore.class);

    private final EventLoop loop;
    private final Executor logIo;
    private final CoordinationTree tree;
    private final CoordinationJournal journal;
    private final JournalSettings settings;
    private final Map<Long, InProcessSession> sessions = new TreeMap<>();
    private List<TreeChange> gathered = new ArrayList<>();
    private List<Consumer<Reason>> waiting = new ArrayList<>();
    /** Of what is in the tree and on its way to no disk yet, the latest first. */
    private Deque<Deque<Runnable>> undo = new ArrayDeque<>();
    /** Those that have ended since everything was kept. */
    private final List<Long> endedSessions = new ArrayList<>();

    private CompletableFuture<Void> closing;
    private boolean writing;
    private boolean hasWritten;
    private Reason failure;
    private String failureMessage;
    private long nextSession = 1;

    private InProcessCoordinationStore(
            EventLoop loop,
            Executor logIo,
            CoordinationTree tree,
            CoordinationJournal journal,
            JournalSettings settings) {
        this.loop = loop;
        this.logIo = logIo;
        this.tree = tree;
        this.journal = journal;
        this.settings = settings;
    }

    /** As {@link #open(EventLoop, Executor, LogFileSystem, List, FailureListener, Predicate, JournalSettings)}, of one log folder. */
    public static InProcessCoordinationStore open(
            EventLoop loop, Executor logIo, LogFileSystem files, Path folder, JournalSettings settings)
            throws IOException {
        return open(
                loop,
                logIo,
                files,
                List.of(folder),
                (failed, cause) -> LOG.error("The coordination journal in {} cannot be written", failed, cause),
                any -> true,
                settings);
    }

    /**
     * Opens the store of log folders; blocks while it reads the journal.
     *
     * @param loop the store's own loop
     * @param logIo where the disk is forced
     * @param folders the log folders to keep a copy of the journal in, at least one; they exist and are locked
     * @param failures is told of folders whose disk fails or is full
     * @param online whether a folder may still be written
     * @throws IOException if the disk fails or the journal is damaged; the message names the file
     */
    public static InProcessCoordinationStore open(
            EventLoop loop,
            Executor logIo,
            LogFileSystem files,
            List<Path> folders,
            FailureListener failures,
            Predicate<Path> online,
            JournalSettings settings)
            throws IOException {
        CoordinationTree tree = new CoordinationTree(settings.maxDataBytes());
        CoordinationJournal journal = CoordinationJournal.open(files, folders, failures, online, settings, tree);
        return new InProcessCoordinationStore(loop, logIo, tree, journal, settings);
    }

    /** {@return whether the folders held no journal when the store was opened} */
    public boolean fresh() {
        return journal.fresh();
    }

    /** {@return the number of the last change that is kept, -1 for none} On any thread. */
    long lastChange() {
        return journal.lastNumber();
    }

    /**
     * Opens a session. May be called from any thread.
     *
     * @param sessionLoop where its results and watches are delivered
     */
    public InProcessSession openSession(EventLoop sessionLoop) {
        InProcessSession session = new InProcessSession(this, sessionLoop);
        loop.post(() -> {
            session.number = nextSession++;
            sessions.put(session.number, session);
        });
        return session;
    }

    /**
     * Ends the store: sessions end without a word, what is under way is written, the journal is closed. May be called from
     * any thread.
     *
     * @return completes on the store's loop, with an {@link IOException} if the journal could not be closed
     */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.post(() -> {
            if (closing != null) {
                closing.whenComplete((nothing, error) -> relay(closed, nothing, error));
                return;
            }
            closing = closed;
            closeIfIdle();
        });
        return closed;
    }

    /** Runs a read on the store's loop and delivers its result to the session's. */
    <T> CompletionStage<T> read(InProcessSession session, Supplier<T> read) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.post(() -> {
            try {
                checkUsable(session);
                T value = read.get();
                answer(error -> {
                    if (error != null && failure == null) {
                        // It may have seen what has been taken back.
                        read(session, read).whenComplete((again, cause) -> relay(result, again, cause));
                    } else {
                        session.deliver(result, value, error);
                    }
                });
            } catch (CoordinationException e) {
                answer(error -> session.fail(result, e));
            }
        });
        return result;
    }

    /** Runs a transaction on the store's loop and delivers what came of it to the session's. */
    <T> CompletionStage<T> change(
            InProcessSession session,
            List<CoordinationStore.Operation> operations,
            Function<List<Object>, T> resultOf) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.post(() -> {
            try {
                checkUsable(session);
                if (CoordinationStore.Operation.sizeBytes(operations) > settings.maxTransactionBytes()) {
                    throw CoordinationException.tooLarge(operations, settings.maxTransactionBytes());
                }
                CoordinationTree.Applied applied = tree.apply(operations, session.number);
                gathered.addAll(applied.changes());
                if (writing || !gathered.isEmpty()) {
                    undo.push(applied.undo());
                }
                answer(error -> {
                    session.deliver(result, resultOf.apply(applied.outcomes()), error);
                    if (error == null) {
                        notifyWatches(applied.touched());
                    }
                });
                write();
            } catch (CoordinationException e) {
                answer(error -> session.fail(result, e));
            }
        });
        return result;
    }

    /** Ends a session: its ephemeral nodes vanish, its watches fall silent. */
    void endSession(InProcessSession session, Runnable ended) {
        loop.post(() -> {
            if (sessions.remove(session.number) != null && closing == null) {
                List<String> touched = tree.endSession(session.number);
                if (writing) {
                    endedSessions.add(session.number);
                }
                answer(error -> notifyWatches(touched));
            }
            answer(error -> ended.run());
        });
    }

    /** Runs a task on the store's loop, after the calls made before it. */
    void post(Runnable task) {
        loop.post(task);
    }

    CoordinationTree tree() {
        return tree;
    }

    private void checkUsable(InProcessSession session) {
        if (failure != null) {
            throw failed(failure);
        }
        if (closing != null || !sessions.containsKey(session.number)) {
            throw new CoordinationException(Reason.SESSION_EXPIRED, "/");
        }
    }

    /** {@return the error to answer, with what the disk said} */
    CoordinationException failed(Reason reason) {
        return reason == Reason.STORAGE_FAILURE
                ? CoordinationException.notKept(failureMessage)
                : new CoordinationException(reason, "/", failureMessage);
    }

    private void answer(Consumer<Reason> delivery) {
        if (writing || !gathered.isEmpty()) {
            waiting.add(delivery);
        } else {
            delivery.accept(failure);
        }
    }

    private void notifyWatches(List<String> touched) {
        for (InProcessSession session : sessions.values()) {
            session.notifyWatches(touched);
        }
    }

    private void write() {
        if (writing || gathered.isEmpty()) {
            return;
        }
        Group group = new Group(
                gathered, journal.wantsSnapshot() ? tree.persistentNodes() : null, List.copyOf(waiting), undo);
        gathered = new ArrayList<>();
        waiting = new ArrayList<>();
        undo = new ArrayDeque<>();
        writing = true;
        write(group);
    }

    /**
     * What is written together.
     *
     * @param changes in order
     * @param snapshot the tree with the changes, null if the journal does not want it
     * @param deliveries the answers that wait for it
     * @param undo takes it back
     */
    private record Group(
            List<TreeChange> changes,
            List<TreeChange> snapshot,
            List<Consumer<Reason>> deliveries,
            Deque<Deque<Runnable>> undo) {}

    private void write(Group group) {
        if (settings.force()) {
            logIo.execute(() -> {
                IOException outcome = store(group);
                loop.post(() -> written(group, outcome));
            });
        } else {
            written(group, store(group));
        }
    }

    private IOException store(Group group) {
        try {
            journal.write(group.changes(), group.snapshot());
            return null;
        } catch (IOException e) {
            return e;
        } catch (RuntimeException e) {
            LOG.error("The coordination journal has failed", e);
            return new IOException(e);
        }
    }

    private void written(Group group, IOException outcome) {
        writing = false;
        if (outcome == null) {
            hasWritten = true;
            deliver(group.deliveries(), null);
        } else {
            notWritten(group, outcome);
        }
        if (gathered.isEmpty()) {
            undo.clear();
            endedSessions.clear();
            answerWaiting(failure);
        }
        write();
        closeIfIdle();
    }

    private void notWritten(Group group, IOException outcome) {
        failureMessage = outcome.getMessage()
                + (outcome instanceof DiskFullException ? ". It was left as it is; make room on that disk" : "");
        gathered.clear();
        if (PassingFailure.is(outcome) && hasWritten) {
            takeBack(group);
        } else {
            LOG.error(
                    "The coordination journal cannot be written; the broker takes no more changes of topics: {}",
                    failureMessage);
            failure = Reason.STORAGE_FAILURE;
        }
        deliver(group.deliveries(), Reason.STORAGE_FAILURE);
        answerWaiting(Reason.STORAGE_FAILURE);
    }

    private void answerWaiting(Reason reason) {
        List<Consumer<Reason>> rest = waiting;
        waiting = new ArrayList<>();
        deliver(rest, reason);
    }

    private static void deliver(List<Consumer<Reason>> deliveries, Reason reason) {
        for (Consumer<Reason> delivery : deliveries) {
            delivery.accept(reason);
        }
    }

    /** The tree is again what the journal says; sessions that have ended meanwhile take along what is theirs once more. */
    private void takeBack(Group group) {
        for (Deque<Deque<Runnable>> part : List.of(undo, group.undo())) {
            part.forEach(transaction -> transaction.forEach(Runnable::run));
        }
        undo.clear();
        for (long session : endedSessions) {
            notifyWatches(tree.endSession(session));
        }
        endedSessions.clear();
    }

    private void closeIfIdle() {
        if (closing == null || writing || closing.isDone()) {
            return;
        }
        sessions.clear();
        try {
            journal.close();
            closing.complete(null);
        } catch (IOException e) {
            closing.completeExceptionally(e);
        }
    }

    private static <T> void relay(CompletableFuture<T> to, T value, Throwable error) {
        if (error == null) {
            to.complete(value);
        } else {
            to.completeExceptionally(error);
        }
    }
}
