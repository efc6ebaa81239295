package io.odradek.server.strangers;

import io.odradek.storage.env.Randoms;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Comes again and again, to one door or another, until enough has been sent. */
final class Stranger implements Runnable {
    private static final int MOST_HEARD_BYTES = 64 * 1024;
    private static final int FIRST_KIND_OF_RECORD = 20;
    private static final int LAST_KIND_OF_RECORD = 23;
    private static final int RAW_PERCENT = 40;
    private static final int MOST_FAULTS = 20;

    private final List<Door> doors;
    private final Random random;
    private final Randoms randoms;
    private final RawBytes raw;
    private final AtomicLong left;
    private final Queue<String> faults;

    /**
     * @param doors the listeners; one that is named twice is visited twice as often
     * @param left how many frames are still to be sent, by all together
     * @param faults where what should not have happened is told
     */
    Stranger(List<Door> doors, long seed, RawBytes raw, AtomicLong left, Queue<String> faults) {
        this.doors = doors;
        this.random = new Random(seed);
        this.randoms = new Drawn(random);
        this.raw = raw;
        this.left = left;
        this.faults = faults;
    }

    /** Draws from the seed. */
    private record Drawn(Random random) implements Randoms {
        @Override
        public long nextLong() {
            return random.nextLong();
        }

        @Override
        public int nextInt(int bound) {
            return random.nextInt(bound);
        }
    }

    @Override
    public void run() {
        while (left.get() > 0 && faults.size() < MOST_FAULTS) {
            Door door = doors.get(random.nextInt(doors.size()));
            try {
                if (door.tls() != null && random.nextInt(100) < RAW_PERCENT) {
                    shout(door);
                } else {
                    visit(door);
                }
            } catch (Visit.Astonishment | IOException | RuntimeException fault) {
                faults.add("At " + door.address() + ": " + fault + " at " + fault.getStackTrace()[0]);
            }
        }
    }

    private void visit(Door door) throws IOException, Visit.Astonishment {
        Socket socket = door.enter(random);
        try {
            Visit visit = new Visit(socket, door.login(), Credentials.any(random, randoms), random);
            try {
                visit.run();
            } finally {
                left.addAndGet(-visit.frames());
            }
        } finally {
            Door.leave(socket, random);
        }
    }

    /** What is none of TLS, or not yet: heard is nothing but what TLS says, and little of it. */
    private void shout(Door door) throws IOException, Visit.Astonishment {
        Socket socket = door.knock(random);
        try {
            left.decrementAndGet();
            socket.getOutputStream().write(raw.next());
            if (random.nextBoolean()) {
                socket.shutdownOutput();
                listen(socket.getInputStream());
            }
        } catch (SocketException reset) {
            // It is hung up on in the middle of a word, which is as good an answer as any.
        } finally {
            Door.leave(socket, random);
        }
    }

    private static void listen(InputStream in) throws IOException, Visit.Astonishment {
        byte[] heard = in.readNBytes(MOST_HEARD_BYTES);
        if (heard.length == MOST_HEARD_BYTES) {
            throw new Visit.Astonishment("A stranger without a handshake was told " + heard.length + " bytes");
        }
        if (heard.length > 0 && (heard[0] < FIRST_KIND_OF_RECORD || heard[0] > LAST_KIND_OF_RECORD)) {
            throw new Visit.Astonishment("A stranger without a handshake was told what is none of TLS");
        }
    }
}
