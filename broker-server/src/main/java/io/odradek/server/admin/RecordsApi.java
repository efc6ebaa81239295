package io.odradek.server.admin;

import io.odradek.server.inspect.RecordPage;
import io.odradek.server.inspect.StoredHeader;
import io.odradek.server.inspect.StoredPartition;
import io.odradek.server.inspect.StoredRecord;
import io.odradek.server.inspect.StoredTopic;
import io.odradek.server.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code /api/topics/NAME/records}: the last records of a topic or of one partition, the newest first, or those from an
 * offset on, in their order.
 */
final class RecordsApi {
    private static final int RECORDS_AT_ONCE = 20;
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_PARTITIONS = 32;
    private static final int MOST_STEPS = 12;
    private static final long MOST_BYTES_READ = 4 << 20;
    private static final int MOST_HEADERS = 100;
    private static final Comparator<StoredRecord> NEWEST_FIRST = Comparator.comparingLong(StoredRecord::timestampMs)
            .thenComparingLong(StoredRecord::offset)
            .reversed();

    private final Look look;

    RecordsApi(Look look) {
        this.look = look;
    }

    Answer list(AdminRequest request) throws RefusedException {
        StoredTopic topic = look.inspector().topic(request.segment(2));
        int partition = (int) request.number("partition", 0, Integer.MAX_VALUE, -1);
        int limit = (int) request.number("limit", 1, MOST_AT_ONCE, RECORDS_AT_ONCE);
        Contents contents = new Contents(request.text("as", "text").equals("hex"), (int)
                request.number("bytes", 0, 1 << 20, Contents.USUAL_BYTES));
        if (partition < 0) {
            return lastOfAll(topic, limit, contents);
        }
        if (partition >= topic.partitions().size()) {
            throw new RefusedException(
                    404,
                    "topic " + topic.name() + " has partitions 0 to "
                            + (topic.partitions().size() - 1));
        }
        StoredPartition of = topic.partitions().get(partition);
        if (of.span().end() < 0) {
            throw new RefusedException(
                    404,
                    of.leader() < 0
                            ? "partition " + partition + " has no leader now"
                            : "partition " + partition + " is led by broker " + of.leader()
                                    + ", which does not answer");
        }
        long offset = request.number("offset", 0, Long.MAX_VALUE, -1);
        return offset < 0 ? last(topic, of, limit, contents) : from(topic, of, offset, limit, contents);
    }

    private Answer lastOfAll(StoredTopic topic, int limit, Contents contents) {
        List<StoredPartition> led = topic.partitions().stream()
                .filter(partition -> partition.span().end() >= 0)
                .limit(MOST_PARTITIONS)
                .toList();
        List<StoredRecord> records = new ArrayList<>();
        for (StoredPartition partition : led) {
            records.addAll(lastOf(topic, partition, limit, MOST_BYTES_READ / led.size()));
        }
        records.sort(NEWEST_FIRST);
        Map<String, Object> object = Json.object("topic", topic.name(), "partition", null);
        object.put("partitionCount", topic.partitions().size());
        object.put("partitionsRead", led.size());
        object.put("records", shown(records.subList(0, Math.min(limit, records.size())), contents));
        return Answer.json(object);
    }

    private Answer last(StoredTopic topic, StoredPartition partition, int limit, Contents contents) {
        List<StoredRecord> records = new ArrayList<>(lastOf(topic, partition, limit, MOST_BYTES_READ));
        records.sort(Comparator.comparingLong(StoredRecord::offset).reversed());
        long first = records.isEmpty()
                ? partition.span().end()
                : records.get(records.size() - 1).offset();
        return page(topic, partition, records, first, partition.span().end(), contents, limit);
    }

    private Answer from(StoredTopic topic, StoredPartition partition, long offset, int limit, Contents contents) {
        long first = Math.max(
                partition.span().start(), Math.min(offset, partition.span().end()));
        RecordPage page = look.inspector().read(topic.name(), partition.partition(), first, limit, MOST_BYTES_READ);
        return page(topic, partition, page.records(), first, page.nextOffset(), contents, limit);
    }

    private Answer page(
            StoredTopic topic,
            StoredPartition partition,
            List<StoredRecord> records,
            long first,
            long next,
            Contents contents,
            int limit) {
        long start = partition.span().start();
        return Answer.json(Json.object(
                "topic", topic.name(),
                "partition", partition.partition(),
                "start", start,
                "end", partition.span().end(),
                "previous", first > start ? Math.max(start, first - limit) : null,
                "next", next,
                "records", shown(records, contents)));
    }

    /**
     * Offsets need not follow one another, where a topic is compacted or written in transactions: so it steps back, as long as
     * all up to the end may be read. Where that is too much, it begins nearer to the end: these are not to be the last ones
     * but for those that come after them.
     */
    private List<StoredRecord> lastOf(StoredTopic topic, StoredPartition partition, int limit, long mostBytes) {
        long start = partition.span().start();
        long end = partition.span().end();
        List<StoredRecord> records = List.of();
        boolean nearer = false;
        long width = limit;
        for (int steps = 0; steps < MOST_STEPS && end > start; steps++) {
            long from = Math.max(start, end - width);
            RecordPage page =
                    look.inspector().read(topic.name(), partition.partition(), from, Integer.MAX_VALUE, mostBytes);
            boolean whole = page.nextOffset() >= end;
            if (!whole && !records.isEmpty()) {
                break;
            }
            if (!whole && end - from > 1) {
                nearer = true;
                width = Math.min(page.nextOffset() - from, (end - from) / 2);
                continue;
            }
            records = page.records();
            if (nearer || records.size() >= limit || from == start) {
                break;
            }
            width *= 4;
        }
        return records.subList(Math.max(0, records.size() - limit), records.size());
    }

    private static List<Object> shown(List<StoredRecord> records, Contents contents) {
        List<Object> shown = new ArrayList<>();
        for (StoredRecord record : records) {
            List<Object> headers = new ArrayList<>();
            for (StoredHeader header : record.headers()) {
                if (headers.size() < MOST_HEADERS) {
                    headers.add(Json.object("name", header.name(), "value", contents.of(header.bytes())));
                }
            }
            Map<String, Object> object = Json.object(
                    "partition", record.partition(),
                    "offset", record.offset(),
                    "timestamp", record.timestampMs(),
                    "transaction",
                            record.transaction().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    "key", contents.of(record.keyBytes()),
                    "value", contents.of(record.valueBytes()),
                    "headers", headers);
            if (record.tooLarge() != null) {
                object.put("tooLarge", sizes(record.tooLarge()));
            }
            shown.add(object);
        }
        return shown;
    }

    private static Map<String, Object> sizes(StoredRecord.TooLarge record) {
        return Json.object(
                "keyBytes", record.keyBytes() < 0 ? null : record.keyBytes(),
                "valueBytes", record.valueBytes() < 0 ? null : record.valueBytes(),
                "headers", record.headers());
    }
}
