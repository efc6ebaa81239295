package io.odradek.core.request;

import io.odradek.core.fetch.DownConverter;
import io.odradek.core.fetch.DownConverter.Allowance;
import io.odradek.core.fetch.DownConverter.Converted;
import io.odradek.core.fetch.FetchContext;
import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.FetchWish;
import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.util.List;
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

    private final DownConversions conversions;
    private final long startedNs;
    private volatile boolean converting;

    /** @param items what the wishes of the session mean, in a further round with the offsets from which it reads on */
    OldFetchInFlight(
            RequestContext context,
            FetchContext session,
            FetchLimits limits,
            FetchItem[] items,
            FetchReader reader,
            DownConversions conversions) {
        super(context, session, limits, items, reader);
        this.conversions = conversions;
        this.startedNs = conversions.nowNs();
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
                if (!conversions.offer(() -> convert(found))) {
                    throw new IllegalStateException("Nobody converts records any more");
                }
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

    private void convert(PartitionData[] found) {
        context().begins();
        try {
            if (context().isGone()) {
                context().respondNothing();
            } else {
                FetchItem[] further = convertAll(found);
                if (further == null) {
                    send(found);
                } else {
                    goOn(further);
                }
            }
        } catch (Throwable e) {
            super.ended();
            answerFailure(e);
        } finally {
            super.ended();
            context().ends();
        }
    }

    /** Puts what was converted in the place of what was found. {@return where to read on if that is nothing; else null} */
    private FetchItem[] convertAll(PartitionData[] found) {
        List<FetchWish> wishes = session().wishes();
        DownConverter converter =
                new DownConverter(limits().oldMagic(), conversions.bounds().inflatedBytes());
        FetchItem[] further = items().clone();
        boolean moved = false;
        boolean something = false;
        long leftBytes = Math.min(limits().maxBytes(), conversions.bounds().answerBytes());
        // Later readers ask in turns by themselves.
        int turn = limits().expectsCutMessages() ? conversions.nextTurn() % found.length : 0;
        for (int k = 0; k < found.length; k++) {
            int i = (turn + k) % found.length;
            if (found[i].records() instanceof FileSlice slice) {
                int wantedBytes = wishes.get(i).maxBytes();
                Allowance allowance = new Allowance(
                        (int) Math.min(wantedBytes, leftBytes),
                        limits().expectsCutMessages() && wantedBytes <= leftBytes,
                        !something);
                long nextOffset = convert(converter, found, i, slice, allowance);
                int sizeBytes = found[i].records().sizeBytes();
                leftBytes = Math.max(0, leftBytes - sizeBytes);
                something |= sizeBytes > 0;
                if (nextOffset > further[i].wish().fetchOffset()) {
                    moved = true;
                    further[i] = further[i].readFurther(nextOffset, FURTHER_BYTES);
                }
            }
            something |= PartitionResults.isUrgent(found[i]);
        }
        return moved && !something ? further : null;
    }

    /** {@return where the reader goes on if it got nothing} */
    private long convert(DownConverter converter, PartitionData[] found, int i, FileSlice slice, Allowance allowance) {
        PartitionData data = found[i];
        long fromOffset = items()[i].wish().fetchOffset();
        try {
            if (allowance.maxBytes() == 0 && !allowance.cut()) {
                found[i] = PartitionResults.with(data, BytesPayload.EMPTY);
                return fromOffset;
            }
            Converted converted = converter.convert(slice, fromOffset, data.abortedTransactions(), allowance);
            found[i] = PartitionResults.with(data, converted.records());
            return converted.nextOffset();
        } catch (ApiException e) {
            found[i] = PartitionResults.error(data.partitionIndex(), e.error(), PartitionResults.Offsets.UNKNOWN);
        } catch (IOException e) {
            LOG.error("Records of {} cannot be read to be converted", items()[i].id(), e);
            found[i] = PartitionResults.error(
                    data.partitionIndex(), ErrorCode.KAFKA_STORAGE_ERROR, PartitionResults.Offsets.UNKNOWN);
        }
        return fromOffset;
    }

    private void goOn(FetchItem[] further) {
        long passedMs = TimeUnit.NANOSECONDS.toMillis(conversions.nowNs() - startedNs);
        int leftMs = (int) Math.max(0, limits().maxWaitMs() - passedMs);
        new OldFetchInFlight(context(), handOn(), limits().waitingAtMost(leftMs), further, reader(), conversions)
                .serve();
    }
}
