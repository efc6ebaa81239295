package io.odradek.core.request;

import io.odradek.core.fetch.DownConverter;
import io.odradek.core.fetch.DownConverter.Allowance;
import io.odradek.core.fetch.DownConverter.Converted;
import io.odradek.core.fetch.FetchContext;
import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.TopicCounting;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fetch of a reader who knows no record batches, versions 0 to 3: what its partitions give is converted in the background,
 * one partition after the other.
 *
 * <p>It may come to nothing, where there are but markers and records of aborted transactions. Such a reader would ask for the
 * same again and again, since nothing that it gets says where to go on; so the fetch itself goes on there, in a further
 * round, which waits as the first one did for what is left of its time, and is over when it has something or finds nothing to
 * read any more.
 */
final class OldFetchInFlight extends FetchInFlight {
    private static final Logger LOG = LoggerFactory.getLogger(OldFetchInFlight.class);

    /** What a further round reads of a partition at least: small pieces would make many rounds of a long run of markers. */
    private static final int FURTHER_BYTES = 1024 * 1024;

    /** After how long it is looked again whether there is memory. */
    private static final int MEMORY_WAIT_MS = 100;

    private final DownConversions conversions;
    private final int turn;
    private final long startedNs;
    private volatile boolean converting;

    /** @param items what the wishes of the session mean */
    OldFetchInFlight(
            RequestContext context,
            FetchContext session,
            FetchLimits limits,
            FetchItem[] items,
            FetchReader reader,
            DownConversions conversions) {
        // Later readers ask in turns by themselves.
        this(
                context,
                session,
                limits,
                items,
                reader,
                conversions,
                limits.expectsCutMessages() ? conversions.nextTurn(items.length) : 0);
    }

    /**
     * A further round.
     *
     * @param items with the offsets from which it reads on
     * @param turn the partition that comes first
     */
    private OldFetchInFlight(
            RequestContext context,
            FetchContext session,
            FetchLimits limits,
            FetchItem[] items,
            FetchReader reader,
            DownConversions conversions,
            int turn) {
        super(context, session, limits, items, reader);
        this.conversions = conversions;
        this.turn = turn;
        this.startedNs = conversions.nowNs();
    }

    @Override
    protected Part part(PartitionOwner owner, int[] places) {
        return super.part(owner, inTurn(places));
    }

    private int[] inTurn(int[] places) {
        int before = 0;
        while (before < places.length && places[before] < turn) {
            before++;
        }
        int[] inTurn = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            inTurn[i] = places[(before + i) % places.length];
        }
        return inTurn;
    }

    /** Reads the partitions. */
    void serve() {
        TopicPartition[] ids = new TopicPartition[items().length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = items()[i].id();
        }
        split(ids, conversions.owners());
    }

    @Override
    protected void answer() {
        PartitionData[] found = results(null);
        for (PartitionData data : found) {
            if (data.records().sizeBytes() > 0) {
                converting = true;
                offer(found);
                return;
            }
        }
        send(found);
    }

    @Override
    protected void ended() {
        if (!converting) {
            super.ended();
        }
    }

    private void offer(PartitionData[] found) {
        if (!conversions.offer(() -> convert(found))) {
            super.ended();
            answerFailure(new IllegalStateException("Nobody converts records any more"));
        }
    }

    private void convert(PartitionData[] found) {
        if (waitsForMemory(found)) {
            return;
        }
        context().begins();
        long startNs = conversions.nowNs();
        try {
            if (context().isGone()) {
                context().respondNothing();
            } else {
                convertAndAnswer(found);
            }
        } catch (Throwable e) {
            super.ended();
            answerFailure(e);
        } finally {
            super.ended();
            conversions.took(conversions.nowNs() - startNs);
            context().ends();
        }
    }

    /** {@return whether answers that others have not taken hold all the memory for such, and there is still time to wait for it} */
    private boolean waitsForMemory(PartitionData[] found) {
        if (!conversions.answers().isExhausted() || context().isGone()) {
            return false;
        }
        if (leftMs() > 0) {
            EventLoop loop = firstPart().owner().loop();
            loop.post(() -> loop.schedule(MEMORY_WAIT_MS, () -> offer(found)));
            return true;
        }
        for (int i = 0; i < found.length; i++) {
            if (found[i].records().sizeBytes() > 0) {
                found[i] = PartitionResults.with(found[i], BytesPayload.EMPTY);
            }
        }
        return false;
    }

    private void convertAndAnswer(PartitionData[] found) {
        Round round = new Round(found);
        try {
            FetchItem[] further = round.convert();
            if (further == null) {
                send(found);
            } else {
                new OldFetchInFlight(
                                context(),
                                handOn(),
                                limits().waitingAtMost(leftMs()),
                                further,
                                reader(),
                                conversions,
                                turn)
                        .serve();
            }
        } finally {
            conversions.answers().giveBack(round.takenBytes);
        }
    }

    private int leftMs() {
        long passedMs = TimeUnit.NANOSECONDS.toMillis(conversions.nowNs() - startedNs);
        return (int) Math.max(0, limits().maxWaitMs() - passedMs);
    }

    /** What is converted at a time. */
    private final class Round {
        private final PartitionData[] results;
        private final DownConverter converter = new DownConverter(
                limits().oldMagic(),
                conversions.bounds().inflatedBytes(),
                conversions.bounds().recordBytes());
        private final FetchItem[] further = items().clone();
        private final TopicCounting counting = counting();
        private long leftBytes =
                Math.min(limits().maxBytes(), conversions.bounds().answerBytes());
        private boolean something;
        private boolean moved;
        private long takenBytes;

        /** @param results what was found, in whose place comes what is made of it */
        Round(PartitionData[] results) {
            this.results = results;
        }

        /**
         * Converts. Where nothing came of the partition whose turn it is, the others wait for it: else it would never get on
         * while they have something each time.
         *
         * @return where to read on if nothing came of it; else null
         */
        FetchItem[] convert() {
            for (int k = 0; k < results.length; k++) {
                int i = (turn + k) % results.length;
                if (results[i].records() instanceof FileSlice slice) {
                    convert(i, slice);
                }
                if (k == 0 && moved) {
                    return further;
                }
                something |= PartitionResults.isUrgent(results[i]);
            }
            return moved && !something ? further : null;
        }

        private void convert(int i, FileSlice slice) {
            if (something && (leftBytes == 0 || converter.isSpent())) {
                results[i] = PartitionResults.with(results[i], BytesPayload.EMPTY);
                return;
            }
            int wantedBytes = session().wishes().get(i).maxBytes();
            boolean cut = limits().expectsCutMessages() && wantedBytes <= leftBytes;
            Allowance allowance = new Allowance((int) Math.min(wantedBytes, leftBytes), cut, !something);
            try {
                took(i, converter.convert(slice, offset(i), results[i].abortedTransactions(), allowance));
            } catch (ApiException e) {
                failed(i, e.error());
            } catch (IOException e) {
                LOG.error("Records of {} cannot be read to be converted", items()[i].id(), e);
                failed(i, limits().known(ErrorCode.KAFKA_STORAGE_ERROR));
            }
        }

        private void took(int i, Converted converted) {
            results[i] = PartitionResults.with(results[i], converted.records());
            int sizeBytes = converted.records().sizeBytes();
            conversions.answers().take(sizeBytes);
            takenBytes += sizeBytes;
            leftBytes = Math.max(0, leftBytes - sizeBytes);
            something |= sizeBytes > 0;
            if (converted.nextOffset() > offset(i)) {
                moved = true;
                further[i] = further[i].readFurther(converted.nextOffset(), FURTHER_BYTES);
            }
            if (counting != null && converted.recordCount() > 0) {
                counting.of(items()[i].id().topic()).convertedDown(converted.recordCount());
            }
        }

        private long offset(int i) {
            return items()[i].wish().fetchOffset();
        }

        private void failed(int i, ErrorCode error) {
            results[i] = PartitionResults.error(results[i].partitionIndex(), error, PartitionResults.Offsets.UNKNOWN);
        }
    }
}
