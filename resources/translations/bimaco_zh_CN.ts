<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>About</name>
        <message>
            <location filename="../../bimaco_gui/ui/about.py" />
            <source>About BiMaCo</source>
            <translation>关于 BiMaCo</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/about.py" />
            <source>Makes photos four times as wide and high, on your own computer.</source>
            <translation>在您自己的电脑上将照片的宽和高放大到四倍。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/about.py" />
            <source>Licence: Apache License 2.0</source>
            <translation>许可证：Apache License 2.0</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/about.py" />
            <source>Uses Qt {0} and PySide6 (LGPL 3) and PyTorch (BSD).</source>
            <translation>使用 Qt {0} 和 PySide6（LGPL 3）以及 PyTorch（BSD）。</translation>
        </message>
    </context>
    <context>
        <name>AdvancedSection</name>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Advanced</source>
            <translation>高级</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Model, device, tile and threads</source>
            <translation>模型、设备、分块和线程</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Models…</source>
            <translation>模型…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>See, add and remove models</source>
            <translation>查看、添加和移除模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Processor</source>
            <translation>处理器</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Tile</source>
            <translation>分块</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Smaller tiles need less memory and more time</source>
            <translation>分块越小，占用内存越少，耗时越长</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>{0} px</source>
            <translation>{0} 像素</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Threads</source>
            <translation>线程</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Graphics card</source>
            <translation>显卡</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>expanded</source>
            <translation>已展开</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>collapsed</source>
            <translation>已折叠</translation>
        </message>
    </context>
    <context>
        <name>AfterWork</name>
        <message>
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>All is done</source>
            <translation>全部完成</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The computer stays on</source>
            <translation>电脑保持开启</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>Some results could not be saved and would be lost.</source>
            <translation>有些结果未能保存，若继续将会丢失。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The system did not do what it was asked for.</source>
            <translation>系统没有执行请求。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The computer goes to sleep in %n second(s).</source>
            <translation>
                <numerusform>电脑将在 %n 秒后进入睡眠。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The computer is shut down in %n second(s).</source>
            <translation>
                <numerusform>电脑将在 %n 秒后关机。</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Banner</name>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Message</source>
            <translation>消息</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Problem</source>
            <translation>问题</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Copy details</source>
            <translation>复制详细信息</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Copy what happened, to send it to somebody</source>
            <translation>复制事情经过，以便发送给他人</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Close message</source>
            <translation>关闭消息</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Try what may help</source>
            <translation>尝试可能有效的办法</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Remedy</source>
            <translation>解决办法</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>What can be done</source>
            <translation>可采取的措施</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Copied</source>
            <translation>已复制</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>News</source>
            <translation>新消息</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Choose another folder…</source>
            <translation>选择其他文件夹…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Use smaller tiles</source>
            <translation>使用更小的分块</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Use the processor</source>
            <translation>使用处理器</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Make it 4 times as large</source>
            <translation>放大到 4 倍</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Use the bundled model</source>
            <translation>使用自带的模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Open again</source>
            <translation>重新打开</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>What is new…</source>
            <translation>新内容…</translation>
        </message>
    </context>
    <context>
        <name>BatchDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Upscale many photos</source>
            <translation>批量放大照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Folders and photos</source>
            <translation>文件夹和照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add folder…</source>
            <translation>添加文件夹…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add a folder of photos</source>
            <translation>添加照片文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add photos…</source>
            <translation>添加照片…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add single photos</source>
            <translation>添加单张照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Remove</source>
            <translation>移除</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Take the chosen row off the list (Del)</source>
            <translation>从列表中移除所选行 (Del)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Folders &amp;inside folders too</source>
            <translation>包括子文件夹(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Kinds of photos</source>
            <translation>照片类型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>All kinds</source>
            <translation>所有类型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>kB</source>
            <translation>kB</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Any file size</source>
            <translation>任意文件大小</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Smallest file size</source>
            <translation>最小文件大小</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Leaves out smaller files, such as icons</source>
            <translation>跳过更小的文件，例如图标</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Leave out what is already &amp;larger than</source>
            <translation>跳过已大于此尺寸的照片(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>px</source>
            <translation>像素</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Longest side that is still upscaled</source>
            <translation>仍会放大的最长边</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>&amp;Beside each photo</source>
            <translation>每张照片旁边(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>In a &amp;folder:</source>
            <translation>在文件夹中(&amp;F)：</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose…</source>
            <translation>选择…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose the folder</source>
            <translation>选择该文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>With the &amp;same folders inside</source>
            <translation>保留相同的文件夹结构(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>If a result exists already</source>
            <translation>如果结果已存在</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Result exists: save under a new number</source>
            <translation>结果已存在：以新编号保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Result exists: leave the photo out</source>
            <translation>结果已存在：跳过该照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Result exists: replace it</source>
            <translation>结果已存在：替换</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>What is left out, and why</source>
            <translation>跳过的内容及原因</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>What is left out</source>
            <translation>跳过的内容</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Show which photos are left out, and why</source>
            <translation>显示哪些照片被跳过及原因</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Start</source>
            <translation>开始</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Put the photos into the queue and begin</source>
            <translation>将照片加入队列并开始</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Upscale nothing</source>
            <translation>不放大任何照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Photos</source>
            <translation>照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Results</source>
            <translation>结果</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Size, detail, format and names are those of the panel.</source>
            <translation>尺寸、细节、格式和名称以面板为准。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Start or cancel</source>
            <translation>开始或取消</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose a folder</source>
            <translation>选择文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose photos</source>
            <translation>选择照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>none chosen yet</source>
            <translation>尚未选择</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Looking…</source>
            <translation>正在查看…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add a folder or photos.</source>
            <translation>请添加文件夹或照片。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose the folder for the results.</source>
            <translation>请选择结果文件夹。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Looking at %n photo(s)…</source>
            <translation>
                <numerusform>正在查看 %n 张照片…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Upscale %n photo(s)</source>
            <translation>
                <numerusform>放大 %n 张照片</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BottomBar</name>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscaling</source>
            <translation>正在放大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Progress</source>
            <translation>进度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale</source>
            <translation>放大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale and save as the panel says (Ctrl+Return)</source>
            <translation>按面板设置放大并保存 (Ctrl+回车)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Stop upscaling (Esc)</source>
            <translation>停止放大 (Esc)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Save</source>
            <translation>保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Save with the present settings (Ctrl+S)</source>
            <translation>按当前设置保存 (Ctrl+S)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Save as…</source>
            <translation>另存为…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Choose name and folder (Ctrl+Shift+S)</source>
            <translation>选择名称和文件夹 (Ctrl+Shift+S)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Show in folder</source>
            <translation>在文件夹中显示</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Show the saved file in its folder, or drag it from here to where you want it</source>
            <translation>在所在文件夹中显示已保存的文件，或从这里拖到您需要的地方</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Copy result</source>
            <translation>复制结果</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Copy the result (Ctrl+C)</source>
            <translation>复制结果 (Ctrl+C)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Opening; upscaling begins as soon as it is open…</source>
            <translation>正在打开；打开后立即开始放大…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Opening…</source>
            <translation>正在打开…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Saved as {0}</source>
            <translation>已保存为 {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Saving…</source>
            <translation>正在保存…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Not saved yet</source>
            <translation>尚未保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Settings changed since {0} was saved</source>
            <translation>保存 {0} 之后设置已更改</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Stopping…</source>
            <translation>正在停止…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Preparing…</source>
            <translation>正在准备…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Finishing…</source>
            <translation>正在完成…</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale %n photo(s)</source>
            <translation>
                <numerusform>放大 %n 张照片</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale again</source>
            <translation>再次放大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Save again</source>
            <translation>再次保存</translation>
        </message>
    </context>
    <context>
        <name>Canvas</name>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>Photo</source>
            <translation>照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>Let go to open</source>
            <translation>松开即可打开</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>Before</source>
            <translation>放大前</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>After</source>
            <translation>放大后</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>Difference, made 4 times stronger</source>
            <translation>差异，增强 4 倍</translation>
        </message>
    </context>
    <context>
        <name>DesktopLink</name>
        <message>
            <location filename="../../bimaco_gui/ui/desktop_link.py" />
            <source>Upscaling photos</source>
            <translation>正在放大照片</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/desktop_link.py" />
            <source>%n photo(s) done</source>
            <translation>
                <numerusform>%n 张照片已完成</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/desktop_link.py" />
            <source>%n photo(s) failed</source>
            <translation>
                <numerusform>%n 张照片失败</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DetailSection</name>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Detail</source>
            <translation>细节</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Fidelity and detail</source>
            <translation>忠实度与细节</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Left: close to the photo, nothing invented. Right: all the detail of the model.</source>
            <translation>左：贴近原图，不臆造内容。右：保留模型的全部细节。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Faithful</source>
            <translation>忠实原图</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Detailed</source>
            <translation>细节丰富</translation>
        </message>
    </context>
    <context>
        <name>Divider</name>
        <message>
            <location filename="../../bimaco_gui/ui/divider.py" />
            <source>Before and after</source>
            <translation>放大前后</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/divider.py" />
            <source>How much of the original photo is shown, from the left. Arrow keys move it.</source>
            <translation>从左侧起显示多少原图。可用方向键移动。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/divider.py" />
            <source>Drag to compare, or use the arrow keys</source>
            <translation>拖动以比较，或使用方向键</translation>
        </message>
    </context>
    <context>
        <name>EmptyPage</name>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>No photo yet</source>
            <translation>尚无照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Drop a photo</source>
            <translation>拖入照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Drop a photo here</source>
            <translation>将照片拖到这里</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>It becomes four times as wide and high, or any size you like.
All of it happens on your computer; nothing is sent anywhere.</source>
            <translation>照片的宽和高将放大到四倍，或您想要的任何尺寸。
全部在您的电脑上完成，不会发送到任何地方。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>PNG, JPEG, WebP, AVIF, HEIC, TIFF, BMP, GIF: one, several or folders</source>
            <translation>PNG、JPEG、WebP、AVIF、HEIC、TIFF、BMP、GIF：一张、多张或文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Open photo…</source>
            <translation>打开照片…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Choose photos to upscale (Ctrl+O)</source>
            <translation>选择要放大的照片 (Ctrl+O)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Try the sample</source>
            <translation>试试示例</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Open the sample photo that comes with the app</source>
            <translation>打开应用自带的示例照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Let go to open</source>
            <translation>松开即可打开</translation>
        </message>
    </context>
    <context>
        <name>Errors</name>
        <message>
            <location filename="../../bimaco_gui/engine/canvas.py" />
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <location filename="../../bimaco_gui/engine/write.py" />
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>Not enough memory</source>
            <translation>内存不足</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/canvas.py" />
            <source>The result of {0} × {1} pixels needs {2} GB of memory, which are not free.</source>
            <translation>{0} × {1} 像素的结果需要 {2} GB 内存，而可用内存不足。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>Unknown device</source>
            <translation>未知设备</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>There is no device called “{0}”: choose auto, cpu or cuda.</source>
            <translation>没有名为“{0}”的设备：请选择 auto、cpu 或 cuda。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>Its driver was not found.</source>
            <translation>未找到其驱动程序。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>This torch has no CUDA.</source>
            <translation>此 torch 不支持 CUDA。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>No such device</source>
            <translation>没有此设备</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>No NVIDIA GPU can be used here: choose “auto” or “cpu”. {0}</source>
            <translation>此处无法使用 NVIDIA GPU：请选择“auto”或“cpu”。{0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>There is no GPU {0}: there are {1}.</source>
            <translation>没有 GPU {0}：共有 {1} 个。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>Unusable number of threads</source>
            <translation>线程数不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>{0} threads cannot compute anything.</source>
            <translation>{0} 个线程无法计算。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/formats.py" />
            <location filename="../../bimaco_gui/services/batch.py" />
            <location filename="../../bimaco_gui/services/formats.py" />
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Unknown format</source>
            <translation>未知格式</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/formats.py" />
            <source>{0} no format that can be written: choose png, jpg, webp, avif or tiff.</source>
            <translation>{0}无法写入的格式：请选择 png、jpg、webp、avif 或 tiff。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/formats.py" />
            <source>Too large for the format</source>
            <translation>对该格式而言过大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/formats.py" />
            <source>{0} holds at most {1} pixels along a side, but the result has {2} × {3}: choose PNG or TIFF, or a smaller scale.</source>
            <translation>{0} 每边最多 {1} 像素，而结果为 {2} × {3}：请选择 PNG 或 TIFF，或更小的倍数。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>Unusable tile size</source>
            <translation>分块大小不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>A tile of {0} pixels is too small.</source>
            <translation>{0} 像素的分块太小。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>Unusable scale</source>
            <translation>倍数不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>The scale is {0}, but it must be from 1 to {1}.</source>
            <translation>倍数为 {0}，但必须在 1 到 {1} 之间。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>Unusable size</source>
            <translation>尺寸不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>{0} × {1} is no size.</source>
            <translation>{0} × {1} 不是有效尺寸。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>Unusable fidelity</source>
            <translation>忠实度不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>The fidelity is {0}, but it goes from 0 (faithful) to 1 (most detail).</source>
            <translation>忠实度为 {0}，但范围是 0（忠实）到 1（细节最多）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>PNG, JPEG, WebP, TIFF, BMP, GIF, AVIF and HEIC pictures can be opened.</source>
            <translation>可打开 PNG、JPEG、WebP、TIFF、BMP、GIF、AVIF 和 HEIC 图片。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Unsupported picture</source>
            <translation>不支持的图片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” cannot be used: {1}.</source>
            <translation>“{0}”无法使用：{1}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Its {0} bits a channel were read as 8.</source>
            <translation>每通道 {0} 位，仅读取了 8 位。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>Damaged picture</source>
            <translation>图片已损坏</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is damaged: its checksum is wrong.</source>
            <translation>“{0}”已损坏：校验和错误。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Only the first of its {0} pages was used.</source>
            <translation>仅使用了 {0} 页中的第一页。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Only the first of its {0} frames was used.</source>
            <translation>仅使用了 {0} 帧中的第一帧。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>Not a picture</source>
            <translation>不是图片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>Picture too large</source>
            <translation>图片过大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” does not fit into the memory that is free.</source>
            <translation>“{0}”放不进可用内存。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is cut off or damaged ({1}).</source>
            <translation>“{0}”被截断或已损坏（{1}）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Picture not found</source>
            <translation>找不到图片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>There is no file “{0}”.</source>
            <translation>没有文件“{0}”。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Cannot read the picture</source>
            <translation>无法读取图片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” cannot be read ({1}).</source>
            <translation>“{0}”无法读取（{1}）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is a folder, not a picture.</source>
            <translation>“{0}”是文件夹，不是图片。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is a device or a pipe, not a picture.</source>
            <translation>“{0}”是设备或管道，不是图片。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>Empty file</source>
            <translation>空文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is empty (0 bytes).</source>
            <translation>“{0}”为空（0 字节）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” says that it is {1} × {2} pixels large.</source>
            <translation>“{0}”声称大小为 {1} × {2} 像素。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is a damaged {1} picture: its header makes no sense.</source>
            <translation>“{0}”是损坏的 {1} 图片：其文件头无法解读。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>No permission</source>
            <translation>没有权限</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” may not be read by this user.</source>
            <translation>当前用户无权读取“{0}”。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” has more than {1} million pixels, which is more than can be handled.</source>
            <translation>“{0}”超过 {1} 百万像素，超出可处理的范围。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/samples.py" />
            <source>Its colours were converted to sRGB.</source>
            <translation>其颜色已转换为 sRGB。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>Even the smallest part of the picture does not fit into the memory that is free: close other programs and try again.</source>
            <translation>即使图片的最小部分也放不进可用内存：请关闭其他程序后重试。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>Unusable result</source>
            <translation>结果不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>The model's result {0}.</source>
            <translation>模型的结果{0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>The computation failed</source>
            <translation>计算失败</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>The model could not be run: {0}.</source>
            <translation>模型无法运行：{0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the disk is full</source>
            <translation>磁盘已满</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>your share of the disk is used up</source>
            <translation>您的磁盘配额已用完</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the folder may not be written to</source>
            <translation>不允许写入该文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the disk can only be read</source>
            <translation>磁盘为只读</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the name is too long</source>
            <translation>名称过长</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the folder is not there</source>
            <translation>文件夹不存在</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>a part of the path is a file, not a folder</source>
            <translation>路径的一部分是文件而不是文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>there is a folder of this name</source>
            <translation>已有同名文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the file would be too large for this disk</source>
            <translation>文件对此磁盘而言过大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the disk reports an error</source>
            <translation>磁盘报告错误</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>Unusable quality</source>
            <translation>质量值不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>The quality is {0}, not from 1 to 100.</source>
            <translation>质量为 {0}，不在 1 到 100 之间。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>“{0}” could not be saved: too little memory is free.</source>
            <translation>“{0}”无法保存：可用内存太少。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>{0} knows no transparency: the picture was laid on white.</source>
            <translation>{0} 不支持透明：图片已置于白色背景上。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>{0} holds 8 bits a channel: the 16 were rounded.</source>
            <translation>{0} 每通道为 8 位：16 位已取整。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>{0} has no room for all of the metadata: a part was left out.</source>
            <translation>{0} 容不下全部元数据：部分已省略。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>File exists</source>
            <translation>文件已存在</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>“{0}” is there already, and was not to be overwritten.</source>
            <translation>“{0}”已存在，且不应被覆盖。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>Cannot save</source>
            <translation>无法保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>“{0}” could not be saved: {1}.</source>
            <translation>“{0}”无法保存：{1}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>One output for several inputs</source>
            <translation>多个输入只有一个输出</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” is one file, but there are {1} pictures: name a folder for the results.</source>
            <translation>“{0}”是一个文件，但有 {1} 张图片：请为结果指定文件夹。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” is the result of “{1}”.</source>
            <translation>“{0}”是“{1}”的结果。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” does not pass the filters.</source>
            <translation>“{0}”不符合筛选条件。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” has {1} × {2} pixels, more than {3}.</source>
            <translation>“{0}”有 {1} × {2} 像素，大于 {3}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>The result of “{0}” exists already.</source>
            <translation>“{0}”的结果已存在。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>A result cannot be written as “{0}”: end the name in {1}, or choose a format.</source>
            <translation>结果无法写为“{0}”：请让名称以 {1} 结尾，或选择一种格式。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>Name and format differ</source>
            <translation>名称与格式不符</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” does not end like a {1} file: leave the format out or change the name.</source>
            <translation>“{0}”的结尾不像 {1} 文件：请省略格式或更改名称。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>No pictures</source>
            <translation>没有图片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>There is no picture in {0}.{1}</source>
            <translation>{0} 中没有图片。{1}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/formats.py" />
            <source>A result cannot be written as “{0}”: choose {1}.</source>
            <translation>结果无法写为“{0}”：请选择 {1}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Name taken</source>
            <translation>名称已被占用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <source>{0} is a model that comes with the app.</source>
            <translation>{0} 是随应用提供的模型。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>Unusable name</source>
            <translation>名称不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <source>The result's name must end in {0}.</source>
            <translation>结果的名称必须以 {0} 结尾。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <source>Already there</source>
            <translation>已存在</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <source>{0} is there already: choose another name, or use --overwrite.</source>
            <translation>{0} 已存在：请选择其他名称，或使用 --overwrite。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/isolation/upscaler.py" />
            <source>The graphics card failed, so the processor made this picture and makes those that follow.</source>
            <translation>显卡发生故障，因此这张图片由处理器完成，后续图片也将由处理器处理。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The device is one of {0}.</source>
            <translation>设备是以下之一：{0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The scale is {0} to {1}, not {2}.</source>
            <translation>倍数为 {0} 到 {1}，不能是 {2}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>A side of the result is 1 to {0} pixels, not {1}.</source>
            <translation>结果的边长为 1 到 {0} 像素，不能是 {1}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Give either the longest side or width and height.</source>
            <translation>请给出最长边，或宽度和高度。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>A tile is {0} pixels or more, or “auto”.</source>
            <translation>分块为 {0} 像素或更大，或“auto”。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Threads are 1 or more.</source>
            <translation>线程数至少为 1。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The seed is a whole number from 0 up.</source>
            <translation>种子是从 0 起的整数。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The quality is 1 to 100, not {0}.</source>
            <translation>质量为 1 到 100，不能是 {0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The bits per channel are 8 or 16, not {0}.</source>
            <translation>每通道位数为 8 或 16，不能是 {0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>What happens to an existing result is one of {0}.</source>
            <translation>对已有结果的处理方式是以下之一：{0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Write “{0}”.</source>
            <translation>请写“{0}”。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Option out of range</source>
            <translation>选项超出范围</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Cannot add the model</source>
            <translation>无法添加模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>“{0}” cannot be copied ({1}).</source>
            <translation>无法复制“{0}”（{1}）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Cannot remove the model</source>
            <translation>无法移除模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>“{0}” cannot be removed ({1}).</source>
            <translation>“{0}”无法移除（{1}）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Another model is called “{0}” already: rename the file, or remove that one.</source>
            <translation>已有名为“{0}”的模型：请重命名该文件，或移除已有的模型。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Part of the app</source>
            <translation>应用的一部分</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>“{0}” comes with the app and stays.</source>
            <translation>“{0}”随应用提供，会保留。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <location filename="../../bimaco_gui/weights/catalogue.py" />
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <location filename="../../bimaco_gui/weights/registry.py" />
            <source>Model not found</source>
            <translation>找不到模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>No model “{0}” is installed.</source>
            <translation>未安装模型“{0}”。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>The name “{0}” gives is too long.</source>
            <translation>“{0}”得出的名称过长。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>No name</source>
            <translation>没有名称</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>The template of the name is empty.</source>
            <translation>名称模板为空。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>A brace in “{0}” has no partner: fields are written like {name}.</source>
            <translation>“{0}”中有一个花括号不成对：字段应写作 {name}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>A file name may not hold “{0}”.</source>
            <translation>文件名不能包含“{0}”。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>Unknown field</source>
            <translation>未知字段</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>“{{0}}” is not known: use {1}.</source>
            <translation>未知的“{{0}}”：请使用 {1}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>A name that begins with a dot would hide the result.</source>
            <translation>以点开头的名称会使结果被隐藏。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>“{{0}:{1}}” is not known: only {counter} takes a number of digits, as in {counter:4}.</source>
            <translation>未知的“{{0}:{1}}”：只有 {counter} 可指定位数，如 {counter:4}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The folder is gone</source>
            <translation>文件夹已不在</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The folder for the results, “{0}”, is not there any more: bring it back, or choose another one.</source>
            <translation>结果文件夹“{0}”已不存在：请恢复它，或选择其他文件夹。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The disk is gone</source>
            <translation>磁盘已不在</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The disk with “{0}” is not there any more.</source>
            <translation>“{0}”所在的磁盘已不存在。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The disk is full</source>
            <translation>磁盘已满</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The result needs about {0} MB, but only {1} MB are free on the disk of “{2}”.</source>
            <translation>结果约需 {0} MB，但“{2}”所在磁盘只有 {1} MB 可用。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>Would be lost</source>
            <translation>会丢失</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The app's sandbox would lose what is written to “{0}”: choose another folder for the results.</source>
            <translation>应用的沙盒会丢失写入“{0}”的内容：请为结果选择另一个文件夹。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/queue.py" />
            <source>Queue in use</source>
            <translation>队列正在使用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/queue.py" />
            <source>Another window or program works through this queue already.</source>
            <translation>另一个窗口或程序已在处理此队列。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>Done before</source>
            <translation>此前已完成</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>Its result exists already.</source>
            <translation>其结果已存在。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>The picture does not fit into the memory that is free: close other programs, or choose a smaller scale.</source>
            <translation>图片放不进可用内存：请关闭其他程序，或选择更小的倍数。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>Something went wrong</source>
            <translation>出了点问题</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>An unexpected problem stopped the work ({0}: {1}). The log has the details.</source>
            <translation>意外问题中断了工作（{0}：{1}）。详情见日志。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/sizes.py" />
            <source>Large enough already</source>
            <translation>已经足够大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/sizes.py" />
            <source>The picture has {0} × {1} pixels, which is more than the {2} × {3} asked for.</source>
            <translation>图片有 {0} × {1} 像素，超过所要求的 {2} × {3}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/sizes.py" />
            <source>Too large</source>
            <translation>过大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/sizes.py" />
            <source>{0} × {1} pixels would be more than {2} times the {3} × {4} of the picture.</source>
            <translation>{0} × {1} 像素将超过图片 {3} × {4} 的 {2} 倍。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>Not understood</source>
            <translation>无法理解</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server's answer about the newest version makes no sense.</source>
            <translation>服务器关于最新版本的回答无法理解。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server's answer about the newest version is far too long.</source>
            <translation>服务器关于最新版本的回答过长。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>Connection broken</source>
            <translation>连接中断</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The connection broke before the answer was here: try again.</source>
            <translation>在收到回答之前连接中断：请重试。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>No connection</source>
            <translation>没有连接</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The app's sandbox has no network: updates come from where it was installed from.</source>
            <translation>应用的沙盒没有网络：更新来自安装该应用的地方。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server that knows the newest version cannot be reached: is there a network?</source>
            <translation>无法连接到提供最新版本信息的服务器：网络是否可用？</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>Nothing published</source>
            <translation>尚未发布</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>No version is published at the app's address yet.</source>
            <translation>应用的地址上尚未发布任何版本。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>Asked too often</source>
            <translation>询问过于频繁</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server has answered too many questions from your network: try again in an hour.</source>
            <translation>服务器已回答来自您网络的过多询问：请一小时后重试。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>No answer</source>
            <translation>没有回答</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server answered {0} when asked for the newest version.</source>
            <translation>询问最新版本时，服务器回答了 {0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server does not answer in time: try again later.</source>
            <translation>服务器没有及时回答：请稍后重试。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is not a picture that can be opened. PNG, JPEG, WebP, AVIF, HEIC, TIFF, BMP and GIF files can.</source>
            <translation>“{0}”不是可打开的图片。可打开 PNG、JPEG、WebP、AVIF、HEIC、TIFF、BMP 和 GIF 文件。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” has {1} × {2} pixels; at most {3} megapixels can be opened.</source>
            <translation>“{0}”有 {1} × {2} 像素；最多可打开 {3} 百万像素。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>That is a folder</source>
            <translation>这是一个文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is a folder. Open the photos inside it instead.</source>
            <translation>“{0}”是文件夹。请打开其中的照片。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>File out of sight</source>
            <translation>看不到文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>The app's sandbox does not show “{0}”: choose it with Open.</source>
            <translation>应用的沙盒看不到“{0}”：请用“打开”来选择它。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>File not found</source>
            <translation>找不到文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is no longer there.</source>
            <translation>“{0}”已不存在。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>File cannot be read</source>
            <translation>无法读取文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” cannot be read: {1}.</source>
            <translation>“{0}”无法读取：{1}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is empty: it holds no picture.</source>
            <translation>“{0}”为空：其中没有图片。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is damaged or incomplete.</source>
            <translation>“{0}”已损坏或不完整。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/saving.py" />
            <source>Folder not found</source>
            <translation>找不到文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/saving.py" />
            <source>The folder for results, “{0}”, is not there any more.</source>
            <translation>结果文件夹“{0}”已不存在。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>No room for results</source>
            <translation>没有存放结果的空间</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>The folder for temporary results cannot be made: {0}.</source>
            <translation>无法创建临时结果文件夹：{0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/catalogue.py" />
            <source>These can be downloaded: {0}.</source>
            <translation>可下载：{0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/catalogue.py" />
            <source>None can be downloaded yet.</source>
            <translation>目前没有可下载的模型。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/catalogue.py" />
            <source>No model “{0}” can be downloaded. {1}</source>
            <translation>没有可下载的模型“{0}”。{1}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>“{0}” cannot be downloaded now ({1}). What has arrived is kept, and the next attempt goes on from there.</source>
            <translation>“{0}”目前无法下载（{1}）。已接收的内容会保留，下次将从那里继续。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>Already under way</source>
            <translation>已在进行中</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>“{0}” is being downloaded by another window.</source>
            <translation>“{0}”正由另一个窗口下载。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>Not the file that was listed</source>
            <translation>不是所列的文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>What the server sends for “{0}” is not the file that was published: {1}. Nothing was installed.</source>
            <translation>服务器为“{0}”发送的不是已发布的文件：{1}。未安装任何内容。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>Disk full</source>
            <translation>磁盘已满</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>“{0}” needs {1} MB in {2}, and the disk is full. What has arrived is kept.</source>
            <translation>“{0}”在 {2} 中需要 {1} MB，而磁盘已满。已接收的内容会保留。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>Cannot save the model</source>
            <translation>无法保存模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>“{0}” cannot be saved in {1} ({2}).</source>
            <translation>“{0}”无法保存到 {1}（{2}）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>Downloads are switched off</source>
            <translation>下载已被禁用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>The environment variable HF_HUB_OFFLINE forbids downloads.</source>
            <translation>环境变量 HF_HUB_OFFLINE 禁止下载。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>Model no longer there</source>
            <translation>模型已不存在</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>The Hub has no such file in {0} any more, or it may not be read.</source>
            <translation>Hub 上的 {0} 中已没有此文件，或不允许读取。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>The Hub refuses</source>
            <translation>Hub 拒绝</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>The server answered {0} when asked for {1}.</source>
            <translation>请求 {1} 时，服务器返回 {0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model not saved</source>
            <translation>模型未保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Not a model of this app</source>
            <translation>不是本应用的模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} holds no packed model.</source>
            <translation>{0} 不含打包模型。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model of another version</source>
            <translation>其他版本的模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} has format version {1}; this app reads version {2}.</source>
            <translation>{0} 的格式版本为 {1}；本应用读取版本 {2}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model damaged</source>
            <translation>模型已损坏</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} is damaged: its weights are not those it was saved with.</source>
            <translation>{0} 已损坏：其权重与保存时不同。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model not usable</source>
            <translation>模型不可用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} cannot be used: {1}.</source>
            <translation>{0} 无法使用：{1}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>There is no model file {0}.</source>
            <translation>没有模型文件 {0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model not readable</source>
            <translation>无法读取模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} is no whole safetensors file; it may be cut off ({1}).</source>
            <translation>{0} 不是完整的 safetensors 文件；可能被截断（{1}）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/registry.py" />
            <source>There is no model {0}. Installed: {1}.</source>
            <translation>没有模型 {0}。已安装：{1}。</translation>
        </message>
    </context>
    <context>
        <name>Forecast</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>all %n: {0}</source>
            <translation>
                <numerusform>全部 %n 张：{0}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>The photo is too large or too small for the chosen size</source>
            <translation>照片对于所选尺寸来说过大或过小</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>{0} on the processor</source>
            <translation>使用处理器{0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>{0} on the graphics card</source>
            <translation>使用显卡{0}</translation>
        </message>
    </context>
    <context>
        <name>KeysDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Keyboard and mouse</source>
            <translation>键盘和鼠标</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Close this window</source>
            <translation>关闭此窗口</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>On the picture</source>
            <translation>在图片上</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Zoom at the pointer</source>
            <translation>在指针处缩放</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Wheel</source>
            <translation>滚轮</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Whole picture or 100 %</source>
            <translation>整张图片或 100%</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Double click</source>
            <translation>双击</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Move the picture</source>
            <translation>移动图片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Drag</source>
            <translation>拖动</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Move the slider</source>
            <translation>移动滑块</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Show the photo while it is held</source>
            <translation>按住时显示原图</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Look there with the loupe</source>
            <translation>用放大镜查看该处</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Click</source>
            <translation>单击</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>In lists</source>
            <translation>在列表中</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Take off the list</source>
            <translation>从列表中移除</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Compare what the queue has done</source>
            <translation>比较队列的结果</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Move up or down in the queue</source>
            <translation>在队列中上移或下移</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Copy a saved result elsewhere</source>
            <translation>将已保存的结果复制到别处</translation>
        </message>
    </context>
    <context>
        <name>LanguageMenu</name>
        <message>
            <location filename="../../bimaco_gui/ui/language_menu.py" />
            <source>&amp;Language</source>
            <translation>语言(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/language_menu.py" />
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/language_menu.py" />
            <source>&amp;As the system</source>
            <translation>跟随系统(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/language_menu.py" />
            <source>The language changes at the next start.</source>
            <translation>语言将在下次启动时更改。</translation>
        </message>
    </context>
    <context>
        <name>Layout</name>
        <message>
            <location filename="../../bimaco_gui/ui/layout.py" />
            <source>BiMaCo</source>
            <translation>BiMaCo</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/layout.py" />
            <source>Photo area</source>
            <translation>照片区域</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/layout.py" />
            <source>Messages</source>
            <translation>消息</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/layout.py" />
            <source>Photos</source>
            <translation>照片</translation>
        </message>
    </context>
    <context>
        <name>LicencesDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Licences</source>
            <translation>许可证</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Licence texts</source>
            <translation>许可证文本</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>The app</source>
            <translation>应用</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>The sample photo</source>
            <translation>示例照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Libraries</source>
            <translation>库</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Close this window</source>
            <translation>关闭此窗口</translation>
        </message>
    </context>
    <context>
        <name>Loupe</name>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Loupe</source>
            <translation>放大镜</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>The final pixels of this part. Drag it, or click on the photo to move it.</source>
            <translation>此区域的最终像素。拖动它，或点击照片来移动。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Nothing to show yet.</source>
            <translation>暂无内容可显示。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Shows the final pixels. Space shows the photo.</source>
            <translation>显示最终像素。按空格键显示原图。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Preview</source>
            <translation>预览</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Before</source>
            <translation>放大前</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Arrow keys move it.</source>
            <translation>可用方向键移动。</translation>
        </message>
    </context>
    <context>
        <name>MenuBar</name>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;File</source>
            <translation>文件(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Open…</source>
            <translation>打开(&amp;O)…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Upscale &amp;many photos…</source>
            <translation>批量放大照片(&amp;M)…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Open &amp;recent</source>
            <translation>最近打开(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Open recent</source>
            <translation>最近打开</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Open the sa&amp;mple</source>
            <translation>打开示例(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Save</source>
            <translation>保存(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Save &amp;as…</source>
            <translation>另存为(&amp;A)…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Save a&amp;ll</source>
            <translation>全部保存(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Show in &amp;folder</source>
            <translation>在文件夹中显示(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Close photo</source>
            <translation>关闭照片(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Quit</source>
            <translation>退出(&amp;Q)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Edit</source>
            <translation>编辑(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Undo</source>
            <translation>撤销(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Redo</source>
            <translation>重做(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Copy result</source>
            <translation>复制结果(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Paste picture</source>
            <translation>粘贴图片(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Upscale</source>
            <translation>放大(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Cancel</source>
            <translation>取消(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Next photo</source>
            <translation>下一张照片(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Previous photo</source>
            <translation>上一张照片(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;View</source>
            <translation>视图(&amp;V)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Slider</source>
            <translation>滑块(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Side &amp;by side</source>
            <translation>并排(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Result alone</source>
            <translation>仅显示结果(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Difference</source>
            <translation>差异(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Loupe</source>
            <translation>放大镜(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Se&amp;ttings</source>
            <translation>设置(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Queue</source>
            <translation>队列(&amp;Q)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Zoom &amp;in</source>
            <translation>放大显示(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Zoom &amp;out</source>
            <translation>缩小显示(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Fit in window</source>
            <translation>适合窗口(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;100 %</source>
            <translation>&amp;100 %</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Help</source>
            <translation>帮助(&amp;H)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Keyboard and mouse</source>
            <translation>键盘和鼠标(&amp;K)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Models…</source>
            <translation>模型(&amp;M)…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Doctor…</source>
            <translation>诊断(&amp;D)…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Check for &amp;updates…</source>
            <translation>检查更新(&amp;U)…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Licences</source>
            <translation>许可证(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;About BiMaCo</source>
            <translation>关于 BiMaCo(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Clear this list</source>
            <translation>清空此列表(&amp;C)</translation>
        </message>
    </context>
    <context>
        <name>Menus</name>
        <message>
            <location filename="../../bimaco_gui/ui/menus.py" />
            <source>Menu</source>
            <translation>菜单</translation>
        </message>
    </context>
    <context>
        <name>ModelDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Progress</source>
            <translation>进度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Download</source>
            <translation>下载</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Fetch the chosen model from the Hub</source>
            <translation>从 Hub 获取所选模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Stop; what has arrived is kept for the next attempt</source>
            <translation>停止；已接收的内容会保留，供下次继续</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Add file…</source>
            <translation>添加文件…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Add a model file of your own, such as one you trained</source>
            <translation>添加您自己的模型文件，例如自己训练的模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Import checkpoint…</source>
            <translation>导入检查点…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Make a model of the checkpoints that the authors of BiMaCoSR released</source>
            <translation>用 BiMaCoSR 作者发布的检查点制作模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Remove</source>
            <translation>移除</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Remove the chosen model</source>
            <translation>移除所选模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Close this window</source>
            <translation>关闭此窗口</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Downloading “{0}”…</source>
            <translation>正在下载“{0}”…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Looking at “{0}”…</source>
            <translation>正在检查“{0}”…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Importing “{0}”…</source>
            <translation>正在导入“{0}”…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Stopping…</source>
            <translation>正在停止…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>A model file to add</source>
            <translation>要添加的模型文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>First of two: the checkpoint of the UNet</source>
            <translation>第一个（共两个）：UNet 的检查点</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Second of two: the checkpoint of the autoencoder</source>
            <translation>第二个（共两个）：自编码器的检查点</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Checkpoints</source>
            <translation>检查点</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>All files</source>
            <translation>所有文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Stopped. It goes on from here the next time.</source>
            <translation>已停止。下次将从这里继续。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>{0}: {1}</source>
            <translation>{0}：{1}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>comes with the app</source>
            <translation>随应用提供</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>installed</source>
            <translation>已安装</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>can be downloaded</source>
            <translation>可下载</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>{0} here</source>
            <translation>已接收 {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>licence: {0}</source>
            <translation>许可证：{0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Resume download</source>
            <translation>继续下载</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Ready</source>
            <translation>就绪</translation>
        </message>
    </context>
    <context>
        <name>Opening</name>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Open photos</source>
            <translation>打开照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Photos</source>
            <translation>照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>All files</source>
            <translation>所有文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Dropped picture</source>
            <translation>拖入的图片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Nothing to paste</source>
            <translation>没有可粘贴的内容</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>The clipboard holds neither a picture nor picture files.</source>
            <translation>剪贴板中既没有图片，也没有图片文件。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Pasted picture</source>
            <translation>粘贴的图片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Not a file on this computer</source>
            <translation>不是此电脑上的文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Save the picture to a folder first, then drop the file here.</source>
            <translation>请先将图片保存到文件夹，再把文件拖到这里。</translation>
        </message>
    </context>
    <context>
        <name>PhotoList</name>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Photos</source>
            <translation>照片</translation>
        </message>
    </context>
    <context>
        <name>PhotoListModel</name>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Preparing…</source>
            <translation>正在准备…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Saved by the queue</source>
            <translation>已由队列保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Done, not saved</source>
            <translation>已完成，未保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Saved</source>
            <translation>已保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Opening…</source>
            <translation>正在打开…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Ready</source>
            <translation>就绪</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Waiting</source>
            <translation>等待中</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Failed</source>
            <translation>失败</translation>
        </message>
    </context>
    <context>
        <name>Plan</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n photo(s)</source>
            <translation>
                <numerusform>%n 张照片</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>{0} are free in {1}.</source>
            <translation>{1} 中可用 {0}。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>Not enough room in {1}: {0} are free.</source>
            <translation>{1} 空间不足：可用 {0}。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n cannot be read</source>
            <translation>
                <numerusform>%n 张无法读取</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n done before</source>
            <translation>
                <numerusform>%n 张此前已完成</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n large enough</source>
            <translation>
                <numerusform>%n 张已足够大</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n result(s) of others</source>
            <translation>
                <numerusform>%n 个其他照片的结果</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n filtered out</source>
            <translation>
                <numerusform>%n 张被过滤</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>, </source>
            <comment>between things that are listed</comment>
            <translation>、</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n left out</source>
            <translation>
                <numerusform>%n 张已跳过</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>{0}: {1}.</source>
            <translation>{0}：{1}。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>and %n more</source>
            <translation>
                <numerusform>另有 %n 项</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Previewing</name>
        <message>
            <location filename="../../bimaco_gui/ui/previewing.py" />
            <source>Computing…</source>
            <translation>正在计算…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/previewing.py" />
            <source>No preview</source>
            <translation>无预览</translation>
        </message>
    </context>
    <context>
        <name>Problem</name>
        <message>
            <location filename="../../bimaco_gui/ui/problem.py" />
            <source>Something went wrong</source>
            <translation>出了点问题</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/problem.py" />
            <source>An unexpected error occurred. Your photos were not changed.</source>
            <translation>发生意外错误。您的照片没有被更改。</translation>
        </message>
    </context>
    <context>
        <name>QueueControl</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>Nothing in the queue</source>
            <translation>队列为空</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>{0} of %n photo(s) done</source>
            <translation>
                <numerusform>%n 张照片中已完成 {0} 张</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>{0} of %n photo(s) finished</source>
            <translation>
                <numerusform>%n 张照片中已处理 {0} 张</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>paused</source>
            <translation>已暂停</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>%n failed</source>
            <translation>
                <numerusform>%n 张失败</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>Remove %n row(s)</source>
            <translation>
                <numerusform>移除 %n 行</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>Change the order</source>
            <translation>更改顺序</translation>
        </message>
    </context>
    <context>
        <name>QueueDelegate</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>{0}: {1}</source>
            <translation>{0}：{1}</translation>
        </message>
    </context>
    <context>
        <name>QueueList</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Queue</source>
            <translation>队列</translation>
        </message>
    </context>
    <context>
        <name>QueueModel</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Preparing…</source>
            <translation>正在准备…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Finishing…</source>
            <translation>正在完成…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Done. {0}</source>
            <translation>已完成。{0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Waiting</source>
            <translation>等待中</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Done</source>
            <translation>已完成</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Failed</source>
            <translation>失败</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Cancelled</source>
            <translation>已取消</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Left out</source>
            <translation>已跳过</translation>
        </message>
    </context>
    <context>
        <name>QueuePage</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Queue</source>
            <translation>队列</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Progress of the queue</source>
            <translation>队列进度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Pause</source>
            <translation>暂停</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Stand still until resumed</source>
            <translation>暂停直至继续</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Cancel all</source>
            <translation>全部取消</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Stop what runs and waits</source>
            <translation>停止正在运行和等待的项目</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Retry failed</source>
            <translation>重试失败项</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Run again what has failed</source>
            <translation>重新运行失败的项目</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Clear finished</source>
            <translation>清除已结束的</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Take off the list what is over</source>
            <translation>从列表中移除已结束的项目</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Back to the photo</source>
            <translation>返回照片</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Leave the queue running (Ctrl+J)</source>
            <translation>让队列继续运行 (Ctrl+J)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Add…</source>
            <translation>添加…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Add folders or photos</source>
            <translation>添加文件夹或照片</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>%n left out</source>
            <translation>
                <numerusform>%n 张已跳过</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>%n cancelled</source>
            <translation>
                <numerusform>%n 张已取消</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Nothing failed</source>
            <translation>没有失败的项目</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Resume</source>
            <translation>继续</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Actions</source>
            <translation>操作</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>&amp;Compare with the photo</source>
            <translation>与照片比较(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Show in &amp;folder</source>
            <translation>在文件夹中显示(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>&amp;Run again</source>
            <translation>重新运行(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>C&amp;ancel</source>
            <translation>取消(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Re&amp;move</source>
            <translation>移除(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Move &amp;up</source>
            <translation>上移(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Move &amp;down</source>
            <translation>下移(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Copy &amp;reason</source>
            <translation>复制原因(&amp;R)</translation>
        </message>
    </context>
    <context>
        <name>QueueStrip</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Queue</source>
            <translation>队列</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Progress of the queue</source>
            <translation>队列进度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Show queue</source>
            <translation>显示队列</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Show the queue (Ctrl+J)</source>
            <translation>显示队列 (Ctrl+J)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Queue: {0}</source>
            <translation>队列：{0}</translation>
        </message>
    </context>
    <context>
        <name>Recovery</name>
        <message>
            <location filename="../../bimaco_gui/ui/recovery.py" />
            <source>BiMaCo ended unexpectedly</source>
            <translation>BiMaCo 意外退出</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/recovery.py" />
            <source>%n photo(s) were open then.</source>
            <translation>
                <numerusform>当时打开着 %n 张照片。</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ReportDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Doctor</source>
            <translation>诊断</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Looking…</source>
            <translation>正在查看…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Report</source>
            <translation>报告</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Add this to a report of a problem. Nothing is sent by itself.</source>
            <translation>请将此内容附在问题报告中。不会自动发送任何内容。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Copy</source>
            <translation>复制</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Copy the report</source>
            <translation>复制报告</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Open log folder</source>
            <translation>打开日志文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Show the folder with the log file</source>
            <translation>显示日志文件所在的文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Close this window</source>
            <translation>关闭此窗口</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Copied</source>
            <translation>已复制</translation>
        </message>
    </context>
    <context>
        <name>SaveDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Save result</source>
            <translation>保存结果</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>File</source>
            <translation>文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Browse…</source>
            <translation>浏览…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Choose folder and name</source>
            <translation>选择文件夹和名称</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Format</source>
            <translation>格式</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Quality</source>
            <translation>质量</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Higher looks better and makes larger files</source>
            <translation>数值越高画质越好，文件越大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Save</source>
            <translation>保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Write the file</source>
            <translation>写入文件</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Do not save</source>
            <translation>不保存</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>&amp;File</source>
            <translation>文件(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Fo&amp;rmat</source>
            <translation>格式(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>&amp;Quality</source>
            <translation>质量(&amp;Q)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Save or cancel</source>
            <translation>保存或取消</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Note</source>
            <translation>提示</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Keeps every pixel. Good for most uses.</source>
            <translation>保留每个像素。适合大多数用途。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Small files that open everywhere. Transparency is lost.</source>
            <translation>文件小，随处可打开。透明度会丢失。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Smaller still than JPEG, keeps transparency. Not every program opens it.</source>
            <translation>比 JPEG 更小，保留透明度。并非所有程序都能打开。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>The smallest files. Saving takes longer; newer programs open it.</source>
            <translation>文件最小。保存耗时较长；较新的程序可以打开。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Keeps every pixel. Large files, for printing and archives.</source>
            <translation>保留每个像素。文件较大，适合打印和存档。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Save result as</source>
            <translation>结果另存为</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>“{0}” exists already. Press Replace to replace it.</source>
            <translation>“{0}”已存在。按“替换”将其替换。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Replace</source>
            <translation>替换</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Type a file name.</source>
            <translation>请输入文件名。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>That is the original photo. Choose another name.</source>
            <translation>那是原始照片。请选择其他名称。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>The folder “{0}” does not exist.</source>
            <translation>文件夹“{0}”不存在。</translation>
        </message>
    </context>
    <context>
        <name>SaveSection</name>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Save as</source>
            <translation>保存为</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Format</source>
            <translation>格式</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Format of the photo</source>
            <translation>照片的格式</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Quality</source>
            <translation>质量</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Higher looks better and makes larger files</source>
            <translation>数值越高画质越好，文件越大</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Depth</source>
            <translation>位深</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Depth of the photo</source>
            <translation>照片的位深</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>8 bits a channel</source>
            <translation>每通道 8 位</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>16 bits a channel</source>
            <translation>每通道 16 位</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Folder…</source>
            <translation>文件夹…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Choose where results go</source>
            <translation>选择结果的保存位置</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Save beside each photo</source>
            <translation>保存在每张照片旁边</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Name of results</source>
            <translation>结果的名称</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>What results are called; fields stand in braces</source>
            <translation>结果的命名；字段写在花括号中</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Insert a field into the name</source>
            <translation>在名称中插入字段</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Insert field</source>
            <translation>插入字段</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Leave out &amp;where it was taken</source>
            <translation>去除拍摄地点(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Leave out where it was taken</source>
            <translation>去除拍摄地点</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Removes the GPS position from the saved file</source>
            <translation>从保存的文件中移除 GPS 位置</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Folder for results</source>
            <translation>结果文件夹</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Folder and name</source>
            <translation>文件夹和名称</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Name of the photo</source>
            <translation>照片的名称</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Factor</source>
            <translation>倍数</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Width</source>
            <translation>宽度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Height</source>
            <translation>高度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Date</source>
            <translation>日期</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Number in the batch</source>
            <translation>批次中的序号</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Fields</source>
            <translation>字段</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Beside each photo</source>
            <translation>每张照片旁边</translation>
        </message>
    </context>
    <context>
        <name>Session</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>%n more</source>
            <translation>
                <numerusform>另外 %n 个</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>%n file(s) could not be opened</source>
            <translation>
                <numerusform>%n 个文件无法打开</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>No picture to open: {0}.</source>
            <translation>不是可打开的图片：{0}。</translation>
        </message>
    </context>
    <context>
        <name>SettingsPanel</name>
        <message>
            <location filename="../../bimaco_gui/ui/settings_panel.py" />
            <source>Settings</source>
            <translation>设置</translation>
        </message>
    </context>
    <context>
        <name>ShownPhoto</name>
        <message>
            <location filename="../../bimaco_gui/ui/shown_photo.py" />
            <source>Opening “{0}”…</source>
            <translation>正在打开“{0}”…</translation>
        </message>
    </context>
    <context>
        <name>SizeSection</name>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Size</source>
            <translation>尺寸</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>%n time(s) as wide and high</source>
            <translation>
                <numerusform>宽和高为 %n 倍</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Other</source>
            <translation>其他</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Give a size in pixels or a factor</source>
            <translation>给出像素尺寸或倍数</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Kind of size</source>
            <translation>尺寸类型</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Longest side</source>
            <translation>最长边</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Width</source>
            <translation>宽度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Height</source>
            <translation>高度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Factor</source>
            <translation>倍数</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>px</source>
            <translation>像素</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Pixels</source>
            <translation>像素</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Other size</source>
            <translation>其他尺寸</translation>
        </message>
    </context>
    <context>
        <name>UnsavedResults</name>
        <message>
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Unsaved result</source>
            <translation>未保存的结果</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Save %n result(s)?</source>
            <translation>
                <numerusform>保存 %n 个结果？</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Save the result of “{0}”?</source>
            <translation>保存“{0}”的结果？</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>What is not saved will be lost.</source>
            <translation>未保存的内容将会丢失。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Close “{0}”</source>
            <translation>关闭“{0}”</translation>
        </message>
    </context>
    <context>
        <name>UpdateDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Updates</source>
            <translation>更新</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Progress</source>
            <translation>进度</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>What is new</source>
            <translation>新内容</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Look for updates when the app starts</source>
            <translation>应用启动时检查更新</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>At most once a day</source>
            <translation>每天最多一次</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Nobody but {0} is asked. Like any server it sees your network address; it learns nothing of your photos.</source>
            <translation>只会询问 {0}。与任何服务器一样，它会看到您的网络地址，但不会得知您照片的任何信息。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Open the page</source>
            <translation>打开页面</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Show the new version in the browser</source>
            <translation>在浏览器中显示新版本</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Ask once more</source>
            <translation>再询问一次</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Wait for no answer</source>
            <translation>不再等待回答</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Close this window</source>
            <translation>关闭此窗口</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Asking for the newest version…</source>
            <translation>正在询问最新版本…</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Stopped: it is not known whether there is a newer version.</source>
            <translation>已停止：不知道是否有更新的版本。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Version {0} is there (you have {1}).</source>
            <translation>版本 {0} 已发布（您的版本是 {1}）。</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>You have the newest version ({0}).</source>
            <translation>您的版本已是最新（{0}）。</translation>
        </message>
    </context>
    <context>
        <name>UpdateNews</name>
        <message>
            <location filename="../../bimaco_gui/ui/update_news.py" />
            <source>There is a newer version</source>
            <translation>有新版本</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_news.py" />
            <source>Version {0} is there (you have {1}).</source>
            <translation>版本 {0} 已发布（您的版本是 {1}）。</translation>
        </message>
    </context>
    <context>
        <name>ViewBar</name>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Comparison</source>
            <translation>比较</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Slider</source>
            <translation>滑块</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Before and after meet at a slider (1)</source>
            <translation>放大前后以滑块分界 (1)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Side by side</source>
            <translation>并排</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>The same part of both (2)</source>
            <translation>两者的同一部分 (2)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Result</source>
            <translation>结果</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>The result alone; hold Space to see the photo (3)</source>
            <translation>仅显示结果；按住空格键查看原图 (3)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Difference</source>
            <translation>差异</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>What the result has changed, four times as strong (4)</source>
            <translation>结果所做的更改，增强四倍显示 (4)</translation>
        </message>
    </context>
    <context>
        <name>WhenDoneMenu</name>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>When &amp;done</source>
            <translation>完成后(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>When done</source>
            <translation>完成后</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>&amp;Notify if another program is in front</source>
            <translation>如果其他程序在前台则通知(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>&amp;Quit BiMaCo</source>
            <translation>退出 BiMaCo(&amp;Q)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>&amp;Suspend the computer</source>
            <translation>使电脑睡眠(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>Shut &amp;down the computer</source>
            <translation>关闭电脑(&amp;D)</translation>
        </message>
    </context>
    <context>
        <name>Window</name>
        <message>
            <location filename="../../bimaco_gui/ui/window.py" />
            <source>Language</source>
            <translation>语言</translation>
        </message>
    </context>
    <context>
        <name>Wording</name>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} MP</source>
            <translation>{0} MP</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>about {0}</source>
            <translation>约 {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>a few seconds</source>
            <translation>几秒</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} s</source>
            <translation>{0} 秒</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} min</source>
            <translation>{0} 分钟</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} h {1} min</source>
            <translation>{0} 小时 {1} 分钟</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} h</source>
            <translation>{0} 小时</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} left</source>
            <translation>剩余{0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} %</source>
            <translation>{0}%</translation>
        </message>
    </context>
    <context>
        <name>ZoomBar</name>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom</source>
            <translation>缩放</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom out</source>
            <translation>缩小显示</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom out (Ctrl+−)</source>
            <translation>缩小显示 (Ctrl+−)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom in</source>
            <translation>放大显示</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom in (Ctrl++)</source>
            <translation>放大显示 (Ctrl++)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Fit in window</source>
            <translation>适合窗口</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Fit in window (Ctrl+0)</source>
            <translation>适合窗口 (Ctrl+0)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Show at 100 % (Ctrl+1)</source>
            <translation>以 100% 显示 (Ctrl+1)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>{0} %</source>
            <translation>{0}%</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom {0}, show at 100 %</source>
            <translation>缩放 {0}，以 100% 显示</translation>
        </message>
    </context>
</TS>
