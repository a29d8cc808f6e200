%% Erlang/OTP under the same two questions as the others: how long from a failure to the new attempt, and what a million
%% supervised processes cost.
%%   erl -noshell -pa DIR -s otp_peer main -extra restart 300     nanoseconds, one line a restart
%%   erl +P 2000000 -noshell -pa DIR -s otp_peer main -extra many 1000000     milliseconds and bytes a process
-module(otp_peer).
-behaviour(supervisor).
-export([main/0, init/1, start_failing/0, start_waiting/0]).

main() ->
    logger:set_primary_config(level, none),
    [What, N] = init:get_plain_arguments(),
    measure(What, list_to_integer(N)),
    halt(0, [{flush, true}]).

measure("restart", N) ->
    ets:new(times, [named_table, public]),
    ets:insert(times, [{count, 0}, {main, self()}, {wanted, N}]),
    {ok, _} = supervisor:start_link({local, failing}, ?MODULE, failing),
    receive done -> ok end,
    [io:format("~b~n", [Nanos]) || {{restart, _}, Nanos} <- ets:tab2list(times)];
measure("many", N) ->
    {ok, Sup} = supervisor:start_link(?MODULE, waiting),
    erlang:garbage_collect(),
    Before = erlang:memory(total),
    Start = erlang:monotonic_time(millisecond),
    [{ok, _} = supervisor:start_child(Sup, []) || _ <- lists:seq(1, N)],
    Took = erlang:monotonic_time(millisecond) - Start,
    io:format("~b ~b~n", [Took, (erlang:memory(total) - Before) div N]).

%% A failure each 10 ms: the list of restarts in the period, which the supervisor walks each time, stays short.
init(failing) ->
    Flags = #{strategy => one_for_one, intensity => 1000, period => 1},
    {ok, {Flags, [#{id => failing, start => {?MODULE, start_failing, []}}]}};
init(waiting) ->
    Flags = #{strategy => simple_one_for_one, intensity => 10, period => 300},
    {ok, {Flags, [#{id => waiting, start => {?MODULE, start_waiting, []}}]}}.

start_failing() -> {ok, spawn_link(fun failing/0)}.

failing() ->
    Now = erlang:monotonic_time(nanosecond),
    [{count, Count}] = ets:lookup(times, count),
    [{wanted, Wanted}] = ets:lookup(times, wanted),
    [{main, Main}] = ets:lookup(times, main),
    case ets:lookup(times, died) of
        [{died, Died}] -> ets:insert(times, {{restart, Count}, Now - Died});
        [] -> ok
    end,
    ets:insert(times, {count, Count + 1}),
    case Count of
        Wanted -> Main ! done, timer:sleep(infinity);
        _ -> ok
    end,
    timer:sleep(10),
    ets:insert(times, {died, erlang:monotonic_time(nanosecond)}),
    exit(failed).

start_waiting() -> {ok, spawn_link(fun() -> receive stop -> ok end end)}.
