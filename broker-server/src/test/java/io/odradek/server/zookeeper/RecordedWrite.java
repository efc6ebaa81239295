package io.odradek.server.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.ByteBufferInputStream;
import org.apache.zookeeper.server.persistence.FileTxnLog;
import org.apache.zookeeper.server.persistence.TxnLog.TxnIterator;
import org.apache.zookeeper.txn.CreateTxn;
import org.apache.zookeeper.txn.DeleteTxn;
import org.apache.zookeeper.txn.MultiTxn;
import org.apache.zookeeper.txn.SetDataTxn;
import org.apache.zookeeper.txn.Txn;

/**
 * A write to a tree as ZooKeeper has it in its log of transactions: nothing is missed, however short it stood.
 *
 * @param kind what was done
 * @param path the node
 * @param data what was written, null where it is nothing at all, which is not the same as no bytes
 */
public record RecordedWrite(Kind kind, String path, byte[] data) {
    /** What a write does. */
    public enum Kind {
        CREATE,
        CREATE_EPHEMERAL,
        SET,
        DELETE
    }

    /** {@return the data as text; "null" where there is none} */
    public String text() {
        return data == null ? "null" : new String(data, UTF_8);
    }

    /** {@return the data as text, with TIME and ID in place of times and random identifiers} */
    public String comparable() {
        return text().replaceAll("\"timestamp\":\"\\d+\"", "\"timestamp\":\"TIME\"")
                .replaceAll("\"(topic_id|id)\":\"[-_A-Za-z0-9]{22}\"", "\"$1\":\"ID\"");
    }

    @Override
    public String toString() {
        return kind + " " + path + (kind == Kind.DELETE ? "" : " " + text());
    }

    /**
     * Reads all writes so far.
     *
     * @param folder the {@code dataDir} of a server that runs or has run
     * @param chroot the node that stands for the root, which the paths are told from; what is not below it is left out
     * @return the writes in their order
     */
    public static List<RecordedWrite> read(Path folder, String chroot) throws IOException {
        List<RecordedWrite> below = new ArrayList<>();
        for (RecordedWrite write : read(folder)) {
            if (write.path.startsWith(chroot + "/")) {
                below.add(new RecordedWrite(write.kind, write.path.substring(chroot.length()), write.data));
            }
        }
        return below;
    }

    private static List<RecordedWrite> read(Path folder) throws IOException {
        List<RecordedWrite> writes = new ArrayList<>();
        Path log = folder.resolve("version-2");
        if (!Files.exists(log)) {
            return writes;
        }
        try (FileTxnLog transactions = new FileTxnLog(log.toFile());
                TxnIterator each = transactions.read(1)) {
            while (each.getHeader() != null) {
                add(each.getHeader().getType(), each.getTxn(), writes);
                if (!each.next()) {
                    break;
                }
            }
        } catch (EOFException endIsBeingWritten) {
            return writes;
        }
        return writes;
    }

    private static void add(int type, Record transaction, List<RecordedWrite> writes) throws IOException {
        if (transaction instanceof MultiTxn multi) {
            for (Txn part : multi.getTxns()) {
                Record record = recordOf(part.getType());
                if (record != null) {
                    ByteBufferInputStream.byteBuffer2Record(ByteBuffer.wrap(part.getData()), record);
                    add(part.getType(), record, writes);
                }
            }
        } else if (transaction instanceof CreateTxn create) {
            Kind kind = create.getEphemeral() ? Kind.CREATE_EPHEMERAL : Kind.CREATE;
            writes.add(new RecordedWrite(kind, create.getPath(), create.getData()));
        } else if (transaction instanceof SetDataTxn set) {
            writes.add(new RecordedWrite(Kind.SET, set.getPath(), set.getData()));
        } else if (transaction instanceof DeleteTxn delete) {
            writes.add(new RecordedWrite(Kind.DELETE, delete.getPath(), null));
        }
    }

    /** A multi that was refused has parts of the type of an error, and did nothing. */
    private static Record recordOf(int type) {
        return switch (type) {
            case OpCode.create, OpCode.create2 -> new CreateTxn();
            case OpCode.setData -> new SetDataTxn();
            case OpCode.delete -> new DeleteTxn();
            default -> null;
        };
    }
}
