@echo off
rem All tools in one command, on Windows: odradek.bat TOOL [OPTION]... See --help.
rem Environment: JAVA_HOME, BROKER_HEAP_OPTS (default: -Xms16m -Xmx256m), BROKER_OPTS
setlocal
for %%I in ("%~dp0..") do set "ODRADEK=%%~fI"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if not defined BROKER_HEAP_OPTS set "BROKER_HEAP_OPTS=-Xms16m -Xmx256m"
"%JAVA%" %BROKER_HEAP_OPTS% -XX:+UseSerialGC -XX:TieredStopAtLevel=1 %BROKER_OPTS% ^
    -cp "%ODRADEK%\lib\tools\*;%ODRADEK%\lib\*" io.odradek.server.tools.Odradek %*
