"""The letters of a text as rules see them, each in its own place, so that what a rule fits can be shown in the text."""

from __future__ import annotations

import unicodedata

#: What shows nothing stands as NUL, so that no place moves; words are read without it.
HIDDEN = "\x00"

#: Letters of other scripts that look like Latin ones: in both cases, and capitals that look like another one's.
_LOOKS = {
    **dict(zip("аεвсԁеғһніјкмопрԛѕтυѵшхуɡօսıοαικνρτχγη", "aebcdefhhijkmonpqstuvwxygouioaikvptxyn", strict=True)),
    **dict(zip("АВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abcehijkmopstxyabezhikmnoptyx", strict=True)),
    **dict(zip("øłđßæœ", "oldsao", strict=True)),
}
#: Traditional characters of our rules and of how people write, and their simplified forms.
_TRADITIONAL = (
    "這個們來説說話請問謝對錯時間後發電簡訊號碼聯絡繫還錢債務償貸帳賬單證據員師業產僱傭隊軍團開關門閉媽爺過處為點嗎沒無從東車費節遲緩難醫藥療傷災離養讓給紙書寫漢語國際網連線鏈鎖檢舉報導騷擾違罰訴訟決幾兩萬"
    "億壓屬級組織經紀營續繼總結轉滙匯現實選擇條約項額數幣頭緊鬆寬減應該記錄調協議計劃畫會論認識誰裡裏邊歲歷當兒孫親遺囑辭勞動裝備樣麼鐘週終於隨機構銷訂閱讀聽見觀覽視頻傳遞標題籤簽強壞獨醜熱愛憂鬱癥癒瘋樓頂"
    "殺絕斷飯喫餓窮貧買賣賠損騙詐虛偽盜竊資戶領臺灣馬楊劉陳張趙吳黃鄭羅葉呂趕盡儘註誤顧輔護衛礙癡憶銀帶廣係喪壽險運復閲貴賓館麥龍戲劇郵達遠專氣勢將煩屆滿歸長廠辦優撥佔囉嘍著妳許試負責憑並夠變換婦舊雙鬧檔亂"
    "輕較擔稱積執權監歡殘聲聞腦臨詢講討譯質賴載進須顯風飛餘駐駕驗體産麽傢祇衹啟啓購貨賺課鄰鐵雲靜頁順預顏願類騎龐鄧蔣韓馮蘇閻薩賀龔嚴萊倫偉麗華傑鴻鳳蘭義濟貓異與爲學寶屍嚇噓嘆尋審寢廢彈慘戰掛擴敗暫曆棄樂檯"
    "別歐殯沖況淚漲潔爭牆狀獄瞭確種窩競筆納純統絲緒維緣縣罵聖職脫膽藝蟲補製託訪詞評誠謀譜貪貼賊賤贊趨跡輪輸轄辯遷適醬釋針銹鋪錶鎮鏡閒陣陰陸陽階雖雜霧響頓飲驚髒髮鬥魚鳥鹽黨齊齡齒"
)
_SIMPLIFIED = (
    "这个们来说说话请问谢对错时间后发电简讯号码联络系还钱债务偿贷账账单证据员师业产雇佣队军团开关门闭妈爷过处为点吗没无从东车费节迟缓难医药疗伤灾离养让给纸书写汉语国际网连线链锁检举报导骚扰违罚诉讼决几两万"
    "亿压属级组织经纪营续继总结转汇汇现实选择条约项额数币头紧松宽减应该记录调协议计划画会论认识谁里里边岁历当儿孙亲遗嘱辞劳动装备样么钟周终于随机构销订阅读听见观览视频传递标题签签强坏独丑热爱忧郁症愈疯楼顶"
    "杀绝断饭吃饿穷贫买卖赔损骗诈虚伪盗窃资户领台湾马杨刘陈张赵吴黄郑罗叶吕赶尽尽注误顾辅护卫碍痴忆银带广系丧寿险运复阅贵宾馆麦龙戏剧邮达远专气势将烦届满归长厂办优拨占啰喽着你许试负责凭并够变换妇旧双闹档乱"
    "轻较担称积执权监欢残声闻脑临询讲讨译质赖载进须显风飞余驻驾验体产么家只只启启购货赚课邻铁云静页顺预颜愿类骑庞邓蒋韩冯苏阎萨贺龚严莱伦伟丽华杰鸿凤兰义济猫异与为学宝尸吓嘘叹寻审寝废弹惨战挂扩败暂历弃乐台"
    "别欧殡冲况泪涨洁争墙状狱了确种窝竞笔纳纯统丝绪维缘县骂圣职脱胆艺虫补制托访词评诚谋谱贪贴贼贱赞趋迹轮输辖辩迁适酱释针锈铺表镇镜闲阵阴陆阳阶虽杂雾响顿饮惊脏发斗鱼鸟盐党齐龄齿"
)
_PUNCTUATION = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4\u02bc", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
    **dict.fromkeys("\u2014\u2015、；：", ","),
    **dict.fromkeys("。…¿¡", "."),
    **dict.fromkeys("·•・‧", "."),
}
_INVISIBLE = frozenset(("Cf", "Mn", "Me", "Cc"))


class _Table(dict[int, str]):
    """What `str.translate` puts in a character's place; each is looked at once."""

    def __missing__(self, code: int) -> str:
        self[code] = seen = _seen(chr(code))
        return seen


def _seen(char: str) -> str:
    """One character as it looks: small, without accent, simplified; marks of no meaning are spaces."""
    if char in _LOOKS:
        return _LOOKS[char]
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if char in "\n\t\r":
        return char
    if unicodedata.category(char) in _INVISIBLE:
        return HIDDEN
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", char).strip(" ").casefold())[:1] or " "
    folded = _LOOKS.get(folded, _PUNCTUATION.get(folded, folded))
    return folded if folded.isalnum() or folded.isascii() else " "


_TABLE = _Table({ord(one): other for one, other in zip(_TRADITIONAL, _SIMPLIFIED, strict=True)})


def plain(text: str) -> str:
    """The text as it looks; as long as the text is, so that every character keeps its place."""
    return text.lower() if text.isascii() else text.translate(_TABLE)
