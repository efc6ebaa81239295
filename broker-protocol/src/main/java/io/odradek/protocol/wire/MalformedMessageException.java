package io.odradek.protocol.wire;

/**
 * Bytes that are not what their schema says. The message names the path of the field that failed, such as
 * {@code FetchRequest.topics[3].partitions[0].fetchOffset: ...}. The path is put together on the way out, by those who
 * read the enclosing parts, so that good messages do not pay for it.
 */
public sealed class MalformedMessageException extends RuntimeException permits MessageTooLargeException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String problem;

    /** @param problem what is wrong with the bytes; the field is added by {@link #inside} */
    public MalformedMessageException(String problem) {
        this("", problem);
    }

    MalformedMessageException(String path, String problem) {
        super(path.isEmpty() ? problem : path + ": " + problem, null, false, false);
        this.path = path;
        this.problem = problem;
    }

    /** {@return the same failure, seen from the part that encloses it} @param part a field's or a message's name */
    public final MalformedMessageException inside(String part) {
        boolean joined = path.isEmpty() || path.charAt(0) == '[';
        return at(joined ? part + path : part + '.' + path);
    }

    /** {@return the same failure at another path} */
    MalformedMessageException at(String path) {
        return new MalformedMessageException(path, problem);
    }

    /** {@return the same failure, seen from the array that encloses it} @param index the element's index, from 0 */
    public final MalformedMessageException insideElement(int index) {
        return inside("[" + index + "]");
    }

    /** {@return the path of the field that failed, empty if none is known} */
    public final String path() {
        return path;
    }
}
