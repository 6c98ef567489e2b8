package dev.rmb.peer.resp;

import dev.rmb.peer.resp.RespReader.Command;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the server can do. Answers are those of Redis 7, word for word where clients look at them.
 * Belongs to the event loop.
 */
final class Commands {
    /** Whose answers these are; clients look at it to know what they may ask. */
    private static final String REDIS_VERSION = "7.0.15";

    private static final Reply NOT_A_NUMBER =
            new Reply.Failure("ERR value is not an integer or out of range");
    private static final Reply SYNTAX = new Reply.Failure("ERR syntax error");
    private static final Reply NO_SUCH_TIME =
            new Reply.Failure("ERR timeout is not a float or out of range");
    private static final Reply NEGATIVE_TIME = new Reply.Failure("ERR timeout is negative");

    /** Longer ones are no different from it. */
    private static final double LONGEST_WAIT = 365 * 86_400.0;

    private final Database database;
    private final Waiters waiters = new Waiters();
    private final byte @Nullable [] password;
    private final InstantSource clock;

    Commands(Database database, @Nullable String password, InstantSource clock) {
        this.database = database;
        this.password = password == null ? null : password.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    boolean needsPassword() {
        return password != null;
    }

    /** A number cannot be read; what to answer. */
    private static final class BadArgumentException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Reply reply;

        BadArgumentException(Reply reply) {
            super("bad argument", null, false, false);
            this.reply = reply;
        }
    }

    void expire() {
        database.expire(clock.millis());
    }

    /** Nobody waits on this connection any more. */
    boolean forget(Waiters.Waiter waiter) {
        return waiters.remove(waiter);
    }

    /** The answer; {@code null} if the client waits for it now. */
    @Nullable Reply execute(Command command, Client client) {
        String name = command.name();
        if (!client.isAuthenticated()
                && !name.equals("AUTH")
                && !name.equals("HELLO")
                && !name.equals("QUIT")) {
            return new Reply.Failure("NOAUTH Authentication required.");
        }
        try {
            return execute(name, command, client, clock.millis());
        } catch (BadArgumentException e) {
            return e.reply;
        } catch (Database.FullException | Database.WrongTypeException e) {
            return new Reply.Failure(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Reply execute(String name, Command command, Client client, long now)
            throws BadArgumentException, Database.FullException, Database.WrongTypeException {
        return switch (name) {
            case "PING" -> ping(command);
            case "ECHO" -> command.count() == 2 ? new Reply.Bulk(command.word(1)) : wrong(command);
            case "AUTH" -> auth(command, client);
            case "HELLO" -> hello(command, client);
            case "QUIT" -> {
                client.farewell();
                yield Reply.OK;
            }
            case "SELECT" -> select(command);
            case "CLIENT" -> client(command, client);
            case "COMMAND" -> command(command);
            case "INFO" -> Reply.text(info());
            case "DBSIZE" -> Reply.of(database.size());
            case "LPUSH", "RPUSH" -> push(command, name.equals("LPUSH"), now);
            case "LPOP", "RPOP" -> pop(command, name.equals("LPOP"), now);
            case "BLPOP", "BRPOP" -> waitingPop(command, name.equals("BLPOP"), client, now);
            case "LLEN" ->
                    command.count() == 2
                            ? Reply.of(database.length(command.word(1), now))
                            : wrong(command);
            case "LRANGE" -> range(command, now);
            case "LTRIM" -> trim(command, now);
            case "DEL", "UNLINK" -> delete(command, now);
            case "EXISTS" -> exists(command, now);
            case "TYPE" ->
                    command.count() == 2
                            ? new Reply.Simple(database.type(command.word(1), now))
                            : wrong(command);
            case "GET" -> get(command, now);
            case "SET" -> set(command, now);
            case "SETEX", "PSETEX" -> setex(command, name.equals("SETEX") ? 1000 : 1, now);
            case "EXPIRE", "PEXPIRE" -> expire(command, name.equals("EXPIRE") ? 1000 : 1, now);
            case "TTL", "PTTL" -> ttl(command, name.equals("TTL"), now);
            default ->
                    new Reply.Failure(
                            "ERR unknown command '" + shown(command.text(0)) + "', with args");
        };
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 128 ? line.substring(0, 128) : line;
    }

    private static Reply wrong(Command command) {
        return Reply.wrongCount(shown(command.text(0)));
    }

    private static Reply ping(Command command) {
        return command.count() > 1 ? new Reply.Bulk(command.word(1)) : new Reply.Simple("PONG");
    }

    private Reply auth(Command command, Client client) {
        if (command.count() < 2 || command.count() > 3) {
            return wrong(command);
        }
        if (password == null) {
            return new Reply.Failure(
                    "ERR AUTH <password> called without any password configured for the default"
                            + " user. Are you sure your configuration is correct?");
        }
        boolean user = command.count() == 2 || command.text(1).equals("default");
        byte[] given = command.word(command.count() - 1);
        if (user && MessageDigest.isEqual(given, password)) {
            client.authenticated();
            return Reply.OK;
        }
        return new Reply.Failure("WRONGPASS invalid username-password pair or user is disabled.");
    }

    private Reply hello(Command command, Client client) {
        int version = client.version();
        int at = 1;
        if (command.count() > 1) {
            String asked = command.text(1);
            if (!asked.equals("2") && !asked.equals("3")) {
                return new Reply.Failure("NOPROTO unsupported protocol version");
            }
            version = asked.equals("2") ? 2 : 3;
            at = 2;
        }
        while (at < command.count()) {
            String option = command.text(at).toUpperCase(Locale.ROOT);
            if (option.equals("AUTH") && at + 2 < command.count()) {
                Reply answer =
                        auth(
                                new Command(
                                        List.of(
                                                command.word(at),
                                                command.word(at + 1),
                                                command.word(at + 2))),
                                client);
                if (answer instanceof Reply.Failure) {
                    return answer;
                }
                at += 3;
            } else if (option.equals("SETNAME") && at + 1 < command.count()) {
                client.name(command.text(at + 1));
                at += 2;
            } else {
                return SYNTAX;
            }
        }
        if (!client.isAuthenticated()) {
            return new Reply.Failure(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise"
                            + " the HELLO <proto> AUTH <user> <pass> option can be used to"
                            + " authenticate the client and select the RESP protocol version at the"
                            + " same time");
        }
        client.speak(version);
        return new Reply.Pairs(
                List.of(
                        Reply.text("server"), Reply.text("redis"),
                        Reply.text("version"), Reply.text(REDIS_VERSION),
                        Reply.text("proto"), Reply.of(version),
                        Reply.text("id"), Reply.of(client.id()),
                        Reply.text("mode"), Reply.text("standalone"),
                        Reply.text("role"), Reply.text("master"),
                        Reply.text("modules"), new Reply.Many(List.of())));
    }

    private static Reply select(Command command) {
        if (command.count() != 2) {
            return wrong(command);
        }
        return command.text(1).equals("0")
                ? Reply.OK
                : new Reply.Failure("ERR DB index is out of range");
    }

    private static Reply client(Command command, Client client) {
        if (command.count() < 2) {
            return wrong(command);
        }
        return switch (command.text(1).toUpperCase(Locale.ROOT)) {
            case "SETINFO", "NO-EVICT", "NO-TOUCH" -> Reply.OK;
            case "SETNAME" -> {
                if (command.count() != 3) {
                    yield wrong(command);
                }
                client.name(command.text(2));
                yield Reply.OK;
            }
            case "GETNAME" -> {
                String name = client.name();
                yield name == null ? Reply.NIL : Reply.text(name);
            }
            case "ID" -> Reply.of(client.id());
            default ->
                    new Reply.Failure(
                            "ERR unknown subcommand '"
                                    + shown(command.text(1))
                                    + "'. Try CLIENT HELP.");
        };
    }

    /** Clients ask what there is; none needs to know more. */
    private static Reply command(Command command) {
        String about = command.count() > 1 ? command.text(1).toUpperCase(Locale.ROOT) : "";
        return switch (about) {
            case "COUNT" -> Reply.of(0);
            case "DOCS" -> new Reply.Pairs(List.of());
            default -> new Reply.Many(List.of());
        };
    }

    private String info() {
        return """
        # Server\r
        redis_version:%s\r
        redis_mode:standalone\r
        # Clients\r
        blocked_clients:%d\r
        # Memory\r
        used_memory:%d\r
        # Replication\r
        role:master\r
        # Keyspace\r
        db0:keys=%d\r
        """
                .formatted(REDIS_VERSION, waiters.count(), database.usedBytes(), database.size());
    }

    private Reply push(Command command, boolean left, long now)
            throws Database.FullException, Database.WrongTypeException {
        if (command.count() < 3) {
            return wrong(command);
        }
        byte[] key = command.word(1);
        int length = database.push(key, command.words().subList(2, command.count()), left, now);
        serve(key, now);
        return Reply.of(length);
    }

    private void serve(byte[] key, long now) throws Database.WrongTypeException {
        Waiters.Waiter waiter = waiters.first(key);
        while (waiter != null) {
            byte[] element = database.pop(key, waiter.left(), now);
            if (element == null) {
                return;
            }
            waiters.remove(waiter);
            waiter.taker().took(key, element);
            waiter = waiters.first(key);
        }
    }

    private Reply pop(Command command, boolean left, long now)
            throws BadArgumentException, Database.WrongTypeException {
        if (command.count() < 2 || command.count() > 3) {
            return wrong(command);
        }
        byte[] key = command.word(1);
        if (command.count() == 2) {
            byte[] element = database.pop(key, left, now);
            return element == null ? Reply.NIL : new Reply.Bulk(element);
        }
        long count = number(command, 2);
        if (count < 0) {
            return new Reply.Failure("ERR value is out of range, must be positive");
        }
        if (database.length(key, now) == 0) {
            return Reply.NO_ARRAY;
        }
        List<Reply> elements = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            byte[] element = database.pop(key, left, now);
            if (element == null) {
                break;
            }
            elements.add(new Reply.Bulk(element));
        }
        return new Reply.Many(elements);
    }

    private @Nullable Reply waitingPop(Command command, boolean left, Client client, long now)
            throws BadArgumentException, Database.WrongTypeException {
        if (command.count() < 3) {
            return wrong(command);
        }
        long millis = seconds(command, command.count() - 1);
        List<byte[]> keys = command.words().subList(1, command.count() - 1);
        for (byte[] key : keys) {
            byte[] element = database.pop(key, left, now);
            if (element != null) {
                return pair(key, element);
            }
        }
        client.blockOn(
                new Waiters.Waiter(
                        keys,
                        left,
                        (key, element) ->
                                client.resume(
                                        key == null || element == null
                                                ? Reply.NO_ARRAY
                                                : pair(key, element))),
                millis);
        return null;
    }

    void await(Waiters.Waiter waiter) {
        waiters.add(waiter);
    }

    private static Reply pair(byte[] key, byte[] element) {
        return new Reply.Many(List.of(new Reply.Bulk(key), new Reply.Bulk(element)));
    }

    private Reply range(Command command, long now)
            throws BadArgumentException, Database.WrongTypeException {
        if (command.count() != 4) {
            return wrong(command);
        }
        List<byte[]> range =
                database.range(command.word(1), number(command, 2), number(command, 3), now);
        return new Reply.Many(range.stream().<Reply>map(Reply.Bulk::new).toList());
    }

    private Reply trim(Command command, long now)
            throws BadArgumentException, Database.WrongTypeException {
        if (command.count() != 4) {
            return wrong(command);
        }
        database.trim(command.word(1), number(command, 2), number(command, 3), now);
        return Reply.OK;
    }

    private Reply delete(Command command, long now) {
        if (command.count() < 2) {
            return wrong(command);
        }
        long deleted =
                command.words().stream().skip(1).filter(key -> database.delete(key, now)).count();
        return Reply.of(deleted);
    }

    private Reply exists(Command command, long now) {
        if (command.count() < 2) {
            return wrong(command);
        }
        long found =
                command.words().stream().skip(1).filter(key -> database.exists(key, now)).count();
        return Reply.of(found);
    }

    private Reply get(Command command, long now) throws Database.WrongTypeException {
        if (command.count() != 2) {
            return wrong(command);
        }
        byte[] value = database.get(command.word(1), now);
        return value == null ? Reply.NIL : new Reply.Bulk(value);
    }

    private Reply set(Command command, long now)
            throws BadArgumentException, Database.FullException {
        if (command.count() < 3) {
            return wrong(command);
        }
        long deadline = Long.MAX_VALUE;
        boolean onlyNew = false;
        boolean onlyOld = false;
        for (int at = 3; at < command.count(); at++) {
            String option = command.text(at).toUpperCase(Locale.ROOT);
            switch (option) {
                case "NX" -> onlyNew = true;
                case "XX" -> onlyOld = true;
                case "EX", "PX" -> {
                    if (++at == command.count() || deadline != Long.MAX_VALUE) {
                        return SYNTAX;
                    }
                    deadline = deadline(command, at, option.equals("EX") ? 1000 : 1, now);
                }
                default -> {
                    return SYNTAX;
                }
            }
        }
        if (onlyNew && onlyOld) {
            return SYNTAX;
        }
        boolean exists = database.exists(command.word(1), now);
        if ((onlyNew && exists) || (onlyOld && !exists)) {
            return Reply.NIL;
        }
        database.set(command.word(1), command.word(2), deadline, now);
        return Reply.OK;
    }

    private Reply setex(Command command, long unit, long now)
            throws BadArgumentException, Database.FullException {
        if (command.count() != 4) {
            return wrong(command);
        }
        database.set(command.word(1), command.word(3), deadline(command, 2, unit, now), now);
        return Reply.OK;
    }

    private static long deadline(Command command, int at, long unit, long now)
            throws BadArgumentException {
        long time = number(command, at);
        if (time <= 0 || time > Long.MAX_VALUE / 1000 - now) {
            throw new BadArgumentException(
                    new Reply.Failure(
                            "ERR invalid expire time in '"
                                    + command.name().toLowerCase(Locale.ROOT)
                                    + "' command"));
        }
        return now + time * unit;
    }

    private Reply expire(Command command, long unit, long now) throws BadArgumentException {
        if (command.count() != 3) {
            return wrong(command);
        }
        long time = number(command, 2);
        if (time <= 0) {
            return Reply.of(database.delete(command.word(1), now) ? 1 : 0);
        }
        long deadline = deadline(command, 2, unit, now);
        return Reply.of(database.expireAt(command.word(1), deadline, now) ? 1 : 0);
    }

    private Reply ttl(Command command, boolean seconds, long now) {
        if (command.count() != 2) {
            return wrong(command);
        }
        long millis = database.remaining(command.word(1), now);
        return Reply.of(seconds && millis > 0 ? (millis + 500) / 1000 : millis);
    }

    private static long number(Command command, int at) throws BadArgumentException {
        try {
            return Long.parseLong(command.text(at));
        } catch (NumberFormatException e) {
            throw new BadArgumentException(NOT_A_NUMBER);
        }
    }

    /** Milliseconds; 0 for ever. */
    private static long seconds(Command command, int at) throws BadArgumentException {
        double seconds;
        try {
            seconds = Double.parseDouble(command.text(at));
        } catch (NumberFormatException e) {
            throw new BadArgumentException(NO_SUCH_TIME);
        }
        if (Double.isNaN(seconds) || seconds > LONGEST_WAIT) {
            throw new BadArgumentException(NO_SUCH_TIME);
        }
        if (seconds < 0) {
            throw new BadArgumentException(NEGATIVE_TIME);
        }
        return (long) Math.ceil(seconds * 1000);
    }
}
