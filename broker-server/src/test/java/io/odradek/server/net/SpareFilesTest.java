package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.NioLogFileSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slices of files of which only one may be open while it is not in use. */
@Timeout(60)
class SpareFilesTest {
    private static final int FILES = 30;
    private static final int SIZE_BYTES = 300_000;
    private static final int CLIENTS = 3;
    private static final int REQUESTS = 50;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Transport.class)
    void slicesAreSentWholeWhileTheirFilesAreGivenUpForOthers(Transport transport) throws Exception {
        NioLogFileSystem disk = new NioLogFileSystem(1);
        List<LogFile> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[SIZE_BYTES];
            Arrays.fill(content, (byte) i);
            LogFile file = disk.open(folder.resolve("a" + i));
            file.append(ByteBuffer.wrap(content));
            file.handle(LogFile.Handle.SPARE);
            files.add(file);
        }
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (FrontEnd frontEnd = FrontEnd.answering(
                transport, (request, context) -> context.respond(answer(files, ((FetchRequest) request).maxBytes())))) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int first = i * FILES / CLIENTS;
                Callable<Integer> client = () -> fetch(frontEnd, first);
                clients.add(threads.submit(client));
            }
            for (Future<Integer> client : clients) {
                assertThat(client.get()).isEqualTo(REQUESTS);
            }
        } finally {
            threads.shutdownNow();
            for (LogFile file : files) {
                file.close();
            }
        }
    }

    /** {@return how many answers were right} */
    private static int fetch(FrontEnd frontEnd, int first) throws Exception {
        int right = 0;
        try (RawClient client = frontEnd.connect()) {
            for (int i = 0; i < REQUESTS; i++) {
                int which = (first + i * 7) % FILES;
                client.send(request(which), (short) 4, i);
                ByteBuffer response = client.receive();
                byte[] expected = new byte[SIZE_BYTES];
                Arrays.fill(expected, (byte) which);
                ByteBuffer records = response.position(response.limit() - SIZE_BYTES);
                right += records.equals(ByteBuffer.wrap(expected)) ? 1 : 0;
            }
        }
        return right;
    }

    /** The number of the file goes where the bound of the response is. */
    private static FetchRequest request(int file) {
        return new FetchRequest(null, -1, null, 0, 1, file, (byte) 0, 0, -1, List.of(), List.of(), "");
    }

    private static FetchResponse answer(List<LogFile> files, int which) {
        PartitionData data = new PartitionData(
                0, ErrorCode.NONE, 1, 1, 0, null, null, null, null, -1, new FileSlice(files.get(which), 0, SIZE_BYTES));
        return new FetchResponse(
                ErrorCode.NONE, 0, List.of(new FetchableTopicResponse("events", Uuid.ZERO, List.of(data))), List.of());
    }
}
