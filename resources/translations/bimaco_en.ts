<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>AfterWork</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The computer goes to sleep in %n second(s).</source>
            <translation>
                <numerusform>The computer goes to sleep in %n second.</numerusform>
                <numerusform>The computer goes to sleep in %n seconds.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The computer is shut down in %n second(s).</source>
            <translation>
                <numerusform>The computer is shut down in %n second.</numerusform>
                <numerusform>The computer is shut down in %n seconds.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BatchDialog</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Looking at %n photo(s)…</source>
            <translation>
                <numerusform>Looking at %n photo…</numerusform>
                <numerusform>Looking at %n photos…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Upscale %n photo(s)</source>
            <translation>
                <numerusform>Upscale %n photo</numerusform>
                <numerusform>Upscale %n photos</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BottomBar</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale %n photo(s)</source>
            <translation>
                <numerusform>Upscale %n photo</numerusform>
                <numerusform>Upscale %n photos</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DesktopLink</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/desktop_link.py" />
            <source>%n photo(s) done</source>
            <translation>
                <numerusform>%n photo is done</numerusform>
                <numerusform>%n photos are done</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/desktop_link.py" />
            <source>%n photo(s) failed</source>
            <translation>
                <numerusform>%n photo failed</numerusform>
                <numerusform>%n photos failed</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Forecast</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>all %n: {0}</source>
            <translation>
                <numerusform>all %n: {0}</numerusform>
                <numerusform>all %n: {0}</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Plan</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n photo(s)</source>
            <translation>
                <numerusform>%n photo</numerusform>
                <numerusform>%n photos</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n cannot be read</source>
            <translation>
                <numerusform>%n cannot be read</numerusform>
                <numerusform>%n cannot be read</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n done before</source>
            <translation>
                <numerusform>%n done before</numerusform>
                <numerusform>%n done before</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n large enough</source>
            <translation>
                <numerusform>%n large enough</numerusform>
                <numerusform>%n large enough</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n result(s) of others</source>
            <translation>
                <numerusform>%n result of others</numerusform>
                <numerusform>%n results of others</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n filtered out</source>
            <translation>
                <numerusform>%n filtered out</numerusform>
                <numerusform>%n filtered out</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n left out</source>
            <translation>
                <numerusform>%n left out</numerusform>
                <numerusform>%n left out</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>and %n more</source>
            <translation>
                <numerusform>and %n more</numerusform>
                <numerusform>and %n more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueueControl</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>{0} of %n photo(s) done</source>
            <translation>
                <numerusform>{0} of %n photo done</numerusform>
                <numerusform>{0} of %n photos done</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>{0} of %n photo(s) finished</source>
            <translation>
                <numerusform>{0} of %n photo finished</numerusform>
                <numerusform>{0} of %n photos finished</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>%n failed</source>
            <translation>
                <numerusform>%n failed</numerusform>
                <numerusform>%n failed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>Remove %n row(s)</source>
            <translation>
                <numerusform>Remove %n row</numerusform>
                <numerusform>Remove %n rows</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueuePage</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>%n left out</source>
            <translation>
                <numerusform>%n left out</numerusform>
                <numerusform>%n left out</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>%n cancelled</source>
            <translation>
                <numerusform>%n cancelled</numerusform>
                <numerusform>%n cancelled</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Recovery</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/recovery.py" />
            <source>%n photo(s) were open then.</source>
            <translation>
                <numerusform>%n photo was open then.</numerusform>
                <numerusform>%n photos were open then.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Session</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>%n more</source>
            <translation>
                <numerusform>%n more</numerusform>
                <numerusform>%n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>%n file(s) could not be opened</source>
            <translation>
                <numerusform>%n file could not be opened</numerusform>
                <numerusform>%n files could not be opened</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SizeSection</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>%n time(s) as wide and high</source>
            <translation>
                <numerusform>%n time as wide and high</numerusform>
                <numerusform>%n times as wide and high</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>UnsavedResults</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Save %n result(s)?</source>
            <translation>
                <numerusform>Save %n result?</numerusform>
                <numerusform>Save %n results?</numerusform>
            </translation>
        </message>
    </context>
</TS>
