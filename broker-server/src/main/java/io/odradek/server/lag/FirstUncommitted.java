package io.odradek.server.lag;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.inspect.InspectionException;
import io.odradek.server.inspect.Inspector;
import io.odradek.server.inspect.RecordPage;
import io.odradek.server.inspect.StoredRecord;
import io.odradek.server.inspect.StoredTopic;
import io.odradek.server.inspect.UnknownTopicException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the time of the first record that a group has not committed. What stands at an offset does not change, so each is
 * read once; how many are remembered is bounded.
 */
final class FirstUncommitted {
    /** What is there cannot be read now, or has no time. */
    static final long UNKNOWN = -1;

    /** There is nothing there but marks of transactions: nobody waits for anything. */
    static final long NOTHING = -2;

    private static final int RECORDS_AT_ONCE = 16;
    private static final int BYTES_AT_ONCE = 1;
    private static final int MOST_PAGES = 4;

    /** Another topic of the name has another identifier, and other records at the same offsets. */
    private record Place(Uuid topicId, String topic, int partition, long offset) {
        Place at(long other) {
            return new Place(topicId, topic, partition, other);
        }
    }

    private final Inspector inspector;
    private final int mostRemembered;
    private final Map<Place, Long> times = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Long> eldest) {
            return size() > mostRemembered;
        }
    };

    FirstUncommitted(Inspector inspector, int mostRemembered) {
        this.inspector = inspector;
        this.mostRemembered = mostRemembered;
    }

    /** {@return the time in ms since 1970, {@link #UNKNOWN} or {@link #NOTHING}} */
    synchronized long timeMs(String topic, int partition, long offset) {
        Place place;
        try {
            place = new Place(inspector.id(topic), topic, partition, offset);
        } catch (UnknownTopicException deleted) {
            return UNKNOWN;
        }
        try {
            return remembered(place);
        } catch (InspectionException unreadable) {
            // If it is led elsewhere by now, the next look will tell.
            return unreadable.error() == ErrorCode.OFFSET_OUT_OF_RANGE ? ofWhatIsLeft(place) : UNKNOWN;
        }
    }

    /** What was not committed may have been deleted: the log begins further on. */
    private long ofWhatIsLeft(Place place) {
        try {
            StoredTopic topic = inspector.topic(place.topic());
            long start = topic.partitions().get(place.partition()).span().start();
            return start > place.offset() ? remembered(place.at(start)) : UNKNOWN;
        } catch (InspectionException unreadable) {
            return UNKNOWN;
        }
    }

    private long remembered(Place place) {
        Long known = times.get(place);
        if (known != null) {
            return known;
        }
        long found = read(place);
        if (found >= 0) {
            times.put(place, found);
        }
        return found;
    }

    private long read(Place place) {
        long next = place.offset();
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            RecordPage page = inspector.read(place.topic(), place.partition(), next, RECORDS_AT_ONCE, BYTES_AT_ONCE);
            for (StoredRecord record : page.records()) {
                if (!record.transaction().isMarker()) {
                    return Math.max(UNKNOWN, record.timestampMs());
                }
            }
            next = page.nextOffset();
            if (next >= page.span().end()) {
                return NOTHING;
            }
        }
        return UNKNOWN;
    }
}
