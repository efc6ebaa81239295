@echo off
rem Starts a broker on Windows, in this window, until Ctrl-C: broker-start.bat [CONFIG [--override KEY=VALUE]...]
rem Environment: JAVA_HOME, BROKER_HEAP_OPTS (default: -Xms256m -Xmx1g), BROKER_OPTS, BROKER_STATE_DIR (where logs go, and the
rem data that the configurations beside bin name; default: the folder above bin), BROKER_LOG_DIR (default: logs in it)
setlocal
for %%I in ("%~dp0..") do set "ODRADEK=%%~fI"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if not defined BROKER_HEAP_OPTS set "BROKER_HEAP_OPTS=-Xms256m -Xmx1g"
if not defined BROKER_STATE_DIR set "BROKER_STATE_DIR=%ODRADEK%"
if not defined BROKER_LOG_DIR set "BROKER_LOG_DIR=%BROKER_STATE_DIR%\logs"
if not exist "%BROKER_LOG_DIR%" mkdir "%BROKER_LOG_DIR%"
set ARGUMENTS=%*
if not defined ARGUMENTS set ARGUMENTS="%ODRADEK%\config\broker.properties"
"%JAVA%" %BROKER_HEAP_OPTS% -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError ^
    -Djava.util.logging.manager=io.odradek.server.logging.LastingLogManager ^
    "-Djava.util.logging.config.file=%ODRADEK%\config\logging.properties" "-Dodradek.home=%ODRADEK%" ^
    "-Dodradek.state.dir=%BROKER_STATE_DIR%" "-Dodradek.log.dir=%BROKER_LOG_DIR%" %BROKER_OPTS% ^
    -cp "%ODRADEK%\lib\*" io.odradek.server.BrokerMain %ARGUMENTS%
