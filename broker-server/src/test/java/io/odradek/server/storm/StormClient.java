package io.odradek.server.storm;

import io.odradek.core.request.SupportedApis;
import io.odradek.core.request.SupportedApis.Range;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A client of the storm: visit after visit, each with some requests, most of them sound, and an end that nobody expects.
 * A visit is ended by somebody else's hand too, in whatever it just does: a client blocked on a full socket leaves by that.
 */
final class StormClient implements Runnable {
    private static final int LONGEST_VISIT_MS = 5_000;
    private static final int BROKEN_PERCENT = 15;
    private static final int PARTIAL_PERCENT = 4;
    private static final int UNREAD_PERCENT = 20;
    private static final int LONGEST_PATIENCE_MS = 1_500;
    private static final int MOST_PIPELINED = 60;

    private final InetSocketAddress address;
    private final Tally tally;
    private final Departures departures;
    private final Random random;
    private final Known known = new Known();
    private final RandomRequests requests;
    private final List<short[]> deck = new ArrayList<>();
    private int correlationId;
    private volatile boolean stopped;

    StormClient(InetSocketAddress address, List<String> folders, Tally tally, Departures departures, Random random) {
        this.address = address;
        this.tally = tally;
        this.departures = departures;
        this.random = random;
        RandomFields fields = new RandomFields(random, known, folders);
        this.requests = new RandomRequests(random, fields, new RandomBatches(random));
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                visit();
            } catch (InterruptedException e) {
                stopped = true;
            } catch (IOException gone) {
                // One of both has left; the visit has told the tally what is to be told.
            } catch (RuntimeException | Error fault) {
                tally.fault("The client failed: " + fault + " at " + List.of(fault.getStackTrace()));
            }
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private void visit() throws IOException, InterruptedException {
        Visit visit = new Visit(address, tally);
        boolean reset = chance(40);
        boolean stays = chance(10);
        int endsAfterMs = 20 + random.nextInt(LONGEST_VISIT_MS);
        departures.after(endsAfterMs, visit, reset);
        try {
            int pipelined = chance(3) ? MOST_PIPELINED : 1 + random.nextInt(3);
            boolean reads = !chance(pipelined == MOST_PIPELINED ? 50 : UNREAD_PERCENT);
            for (int left = random.nextInt(9); left > 0 && !stopped; left--) {
                if (!send(visit, pipelined) || reads && !read(visit)) {
                    return;
                }
            }
            if (chance(20)) {
                visit.halfClose();
                read(visit);
            }
        } finally {
            if (!stays) {
                visit.leave(reset);
            }
        }
    }

    /** {@return whether a whole frame was sent, so that others can follow} */
    private boolean send(Visit visit, int pipelined) throws IOException, InterruptedException {
        Sent frame = frame();
        if (chance(PARTIAL_PERCENT)) {
            visit.send(frame, random.nextInt(frame.bytes().length), 1);
            return false;
        }
        for (int i = 0; i < pipelined; i++) {
            visit.send(frame, frame.bytes().length, chance(5) ? 1 + random.nextInt(5) : 1);
            if (pipelined < MOST_PIPELINED) {
                frame = frame();
            }
        }
        return true;
    }

    private boolean read(Visit visit) throws IOException {
        while (visit.expectsAnswers()) {
            Visit.Answer answer = visit.receive(1 + random.nextInt(LONGEST_PATIENCE_MS));
            if (answer == null) {
                return false;
            }
            tally.answered(answer.to(), answer.response());
            known.learn(answer.to().request(), answer.response(), random);
            if (answer.response() instanceof JoinGroupResponse joined && joined.errorCode() == ErrorCode.NONE) {
                follow(ApiKey.OFFSET_COMMIT, ApiKey.HEARTBEAT, ApiKey.SYNC_GROUP);
            } else if (answer.response() instanceof JoinGroupResponse joined
                    && joined.errorCode() == ErrorCode.MEMBER_ID_REQUIRED) {
                follow(ApiKey.JOIN_GROUP);
            }
        }
        return true;
    }

    /** Draws these next, the last one first: chance alone would not go on where a request has led to something. */
    private void follow(ApiKey... apis) {
        List<Range> ranges = SupportedApis.CLIENT.ranges();
        for (ApiKey api : apis) {
            for (short i = 0; i < ranges.size(); i++) {
                Range range = ranges.get(i);
                if (range.api() == api) {
                    int version = range.min() + random.nextInt(range.max() - range.min() + 1);
                    deck.add(new short[] {i, (short) version});
                }
            }
        }
    }

    private Sent frame() {
        short[] drawn = draw();
        Range range = SupportedApis.CLIENT.ranges().get(drawn[0]);
        short version = drawn[1];
        correlationId++;
        boolean mayBeNull = chance(30);
        while (true) {
            ApiRequest request = requests.next(range.api(), mayBeNull);
            try {
                byte[] bytes = RawClient.frame(request, version, correlationId);
                Sent sound = new Sent(range.api(), version, correlationId, request, bytes, true);
                return chance(BROKEN_PERCENT) ? BrokenFrames.broken(sound, random) : sound;
            } catch (IllegalStateException | IllegalArgumentException cannotBeEncoded) {
                // A null or a length that this version does not know.
                mayBeNull = false;
            }
        }
    }

    /** {@return the next API, by its place in the list, and version: all of them before any comes again} */
    private short[] draw() {
        if (deck.isEmpty()) {
            List<Range> ranges = SupportedApis.CLIENT.ranges();
            for (short api = 0; api < ranges.size(); api++) {
                if (ranges.get(api).api() == ApiKey.ENVELOPE) {
                    continue; // whoever sends one is hung up on
                }
                for (int version = ranges.get(api).min();
                        version <= ranges.get(api).max();
                        version++) {
                    deck.add(new short[] {api, (short) version});
                }
            }
            Collections.shuffle(deck, random);
        }
        return deck.remove(deck.size() - 1);
    }
}
