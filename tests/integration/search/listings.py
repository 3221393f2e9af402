"""A dozen listings in many languages, short but like real ones, for the tests of the search engines."""

# ruff: noqa: E501  (wide characters count twice)
# fmt: off

from __future__ import annotations

import opencc
import pypinyin
from pythainlp.tokenize import word_tokenize

from search.analysis import Analysis, Normalisers
from search.lexicon import Lexicon, Vocabulary
from search.model import Document, Text

LANGUAGES = ("zh-Hans", "zh-Hant", "en", "ja", "ko", "ru", "fr", "de", "es", "pt", "ar", "th")

_to_simplified = opencc.OpenCC("t2s")

ANALYSIS = Analysis(
    languages=LANGUAGES,
    normalisers=Normalisers(
        simplify=_to_simplified.convert,
        pinyin=lambda han: pypinyin.lazy_pinyin(han, errors="ignore"),
        segment_thai=lambda run: word_tokenize(run, engine="newmm"),
    ),
)

LEXICON = Lexicon(
    {
        "en": Vocabulary(
            synonyms=(("Ferris wheel", "big wheel"), ("dumpling", "steamed bun"), ("theatre", "playhouse")),
            asking=("where can I", "see", "the", "a", "of", "or"),
            implied=("Tianjin",),
        ),
        "de": Vocabulary(
            synonyms=(("Riesenrad", "Aussichtsrad"),), asking=("wo", "ist", "das"), implied=("Tianjin",)
        ),
        "zh-Hans": Vocabulary(
            synonyms=(("剧场", "戏院"),), asking=("去", "哪里", "去哪里", "听", "看", "的", "有", "好吃"), implied=("天津",)
        ),
        "ja": Vocabulary(asking=("どこ", "どこで")),
        "ko": Vocabulary(asking=("어디", "볼 수 있는", "곳")),
    },
    ANALYSIS,
)

TIANJIN_EYE = Document(
    id="attractions/tianjin-eye",
    hours="09:30-21:30",
    price=2,
    kind="attractions",
    slug="tianjin-eye",
    district="hebei",
    tags=("river", "night-views"),
    bookable=True,
    location=(39.1534, 117.1801),
    texts={
        "zh-Hans": Text(
            "天津之眼",
            ("永乐桥摩天轮",),
            "建在永乐桥上的摩天轮，俯瞰海河两岸的夜景。",
            "天津之眼横跨海河。摩天轮缓缓转动，天气好的时候可以看得很远。",
            ("河流", "夜景"),
            "河北区",
        ),
        "zh-Hant": Text(
            "天津之眼",
            ("永樂橋摩天輪",),
            "建在永樂橋上的摩天輪，俯瞰海河兩岸的夜景。",
            "天津之眼橫跨海河。摩天輪緩緩轉動，天氣好的時候可以看得很遠。",
            ("河流", "夜景"),
            "河北區",
        ),
        "en": Text(
            "The Tianjin Eye",
            ("Tientsin Eye",),
            "A Ferris wheel on top of a bridge, with views over the Hai River by night.",
            "The wheel stands on Yongle Bridge. Families come in the evening, when the lights are on.",
            ("river", "night views"),
            "Hebei District",
        ),
        "ja": Text(
            "天津の眼",
            ("天津アイ",),
            "橋の上に立つ観覧車。海河の夜景を見下ろします。",
            "永楽橋の上で観覧車が回ります。",
        ),
        "ko": Text("톈진의 눈", ("톈진아이",), "다리 위에 세운 대관람차입니다.", "하이허 강의 야경을 내려다봅니다."),
        "th": Text("ดวงตาแห่งเทียนจิน", (), "ชิงช้าสวรรค์บนสะพาน มองเห็นแม่น้ำยามค่ำคืน", "ชิงช้าสวรรค์ตั้งอยู่บนสะพานหย่งเล่อ"),
        "ru": Text(
            "Око Тяньцзиня", (), "Колесо обозрения на мосту с видом на реку Хайхэ.", "Колёса вращаются медленно."
        ),
        "fr": Text(
            "L’Œil de Tianjin", (), "Une grande roue posée sur un pont.", "Vue sur les lumières du fleuve la nuit."
        ),
        "de": Text("Das Auge von Tianjin", (), "Ein Riesenrad auf einer Brücke über dem Fluss.", "Abends leuchtet es."),
        "es": Text("El Ojo de Tianjin", (), "Una noria sobre un puente.", "Vistas nocturnas del río."),
        "pt": Text("O Olho de Tianjin", (), "Uma roda-gigante sobre uma ponte.", "Vistas do rio à noite."),
        "ar": Text("عين تيانجين", (), "عجلة دوّارة فوق جسر على النهر.", "تُضاء العجلة ليلاً."),
    },
)

FIVE_GREAT_AVENUES = Document(
    id="attractions/five-great-avenues",
    kind="attractions",
    slug="five-great-avenues",
    district="heping",
    tags=("architecture", "walking"),
    location=(39.1105, 117.2030),
    texts={
        "zh-Hans": Text("五大道", (), "小洋楼林立的街区，适合散步或骑行。", "五大道有各国风格的建筑。", ("建筑", "漫步"), "和平区"),
        "zh-Hant": Text("五大道", (), "小洋樓林立的街區，適合散步或騎行。", "五大道有各國風格的建築。", ("建築", "漫步"), "和平區"),
        "en": Text(
            "Five Great Avenues",
            ("Wudadao",),
            "A quarter of villas and gardens from the 1920s, best seen on foot or by bicycle.",
            "The avenues are lined with plane trees. Cafés and small museums have moved into the old houses.",
            ("architecture", "walking"),
            "Heping District",
        ),
        "fr": Text(
            "Les Cinq Grandes Avenues",
            (),
            "Un quartier de villas, à parcourir à pied ou à vélo.",
            "Des musées et des cafés occupent les vieilles maisons.",
        ),
        "de": Text("Fünf große Alleen", (), "Ein Viertel voller Villen und Gärten.", "Häuser aus vielen Ländern."),
        "ru": Text("Пять больших проспектов", (), "Квартал особняков и садов.", "Старые дома разных стран."),
    },
)

CULTURE_STREET = Document(
    id="attractions/ancient-culture-street",
    kind="attractions",
    slug="ancient-culture-street",
    district="nankai",
    tags=("shopping", "crafts"),
    location=(39.1430, 117.1860),
    texts={
        "zh-Hans": Text("古文化街", (), "卖泥人张彩塑和杨柳青年画的步行街。", "街中有天后宫。", ("购物", "手工艺"), "南开区"),
        "en": Text(
            "Ancient Culture Street",
            (),
            "A pedestrian street of craft shops selling clay figurines and New Year prints.",
            "The temple of the sea goddess stands halfway along it.",
            ("shopping", "crafts"),
            "Nankai District",
        ),
        "ja": Text("古文化街", (), "泥人形や年画を売る歩行者通り。", "通りの中ほどに天后宮があります。"),
        "ko": Text("고문화거리", (), "점토 인형과 연화를 파는 보행자 거리입니다.", "거리 가운데에 톈허우궁이 있습니다."),
        "ar": Text("شارع الثقافة القديمة", (), "شارع للمشاة فيه متاجر الحرف اليدوية.", "يقع في وسطه معبد إلهة البحر."),
    },
)

MUSEUM = Document(
    id="attractions/tianjin-museum",
    hours="Tu-Su 09:00-16:30",
    price=1,
    kind="attractions",
    slug="tianjin-museum",
    district="hexi",
    tags=("museum",),
    location=(39.0840, 117.2100),
    texts={
        "zh-Hans": Text(
            "天津博物馆", ("天博",), "收藏书画、瓷器和城市历史文物。", "常设展讲述天津的历史。", ("博物馆",), "河西区"
        ),
        "zh-Hant": Text(
            "天津博物館", (), "收藏書畫、瓷器和城市歷史文物。", "常設展講述天津的歷史。", ("博物館",), "河西區"
        ),
        "en": Text(
            "Tianjin Museum",
            (),
            "Painting, porcelain and the history of the city.",
            "Permanent galleries tell how a garrison town became a port.",
            ("museum",),
            "Hexi District",
        ),
        "ja": Text("天津博物館", (), "書画や磁器、街の歴史を伝える博物館。", "常設展があります。"),
        "de": Text("Tianjin-Museum", (), "Malerei, Porzellan und Stadtgeschichte.", "Dauerausstellungen zur Stadt."),
        "ru": Text("Тяньцзиньский музей", (), "Живопись, фарфор и история города.", "Постоянные выставки музея."),
        "es": Text("Museo de Tianjin", (), "Pintura, porcelana e historia de la ciudad.", "Exposiciones permanentes."),
        "ar": Text("متحف تيانجين", (), "لوحات وخزف وتاريخ المدينة.", "تروي المعارض تاريخ المدينة."),
        "th": Text("พิพิธภัณฑ์เทียนจิน", (), "ภาพวาด เครื่องเคลือบ และประวัติศาสตร์ของเมือง", "มีนิทรรศการถาวร"),
    },
)

PORCELAIN_HOUSE = Document(
    id="attractions/porcelain-house",
    kind="attractions",
    slug="porcelain-house",
    district="heping",
    tags=("architecture", "museum"),
    location=(39.1205, 117.2003),
    texts={
        "zh-Hans": Text("瓷房子", (), "用古瓷片装饰的法式老宅。", "墙上贴满瓷片和瓷瓶。", ("建筑", "博物馆"), "和平区"),
        "en": Text(
            "Porcelain House",
            ("China House",),
            "An old French-style villa covered with antique porcelain.",
            "Walls, balconies and eaves are set with shards, plates and vases.",
            ("architecture", "museum"),
            "Heping District",
        ),
        "de": Text("Porzellanhaus", (), "Eine alte Villa, bedeckt mit Porzellan.", "Wände voller Scherben und Vasen."),
    },
)

GREAT_WALL = Document(
    id="attractions/huangyaguan-great-wall",
    kind="attractions",
    slug="huangyaguan-great-wall",
    district="jizhou",
    tags=("walking",),
    location=(40.2440, 117.4500),
    texts={
        "zh-Hans": Text(
            "黄崖关长城", (), "蓟州山中的一段长城，有关城和敌楼。", "长城沿山脊起伏。", ("漫步",), "蓟州区"
        ),
        "zh-Hant": Text(
            "黃崖關長城", (), "薊州山中的一段長城，有關城和敵樓。", "長城沿山脊起伏。", ("漫步",), "薊州區"
        ),
        "en": Text(
            "Huangyaguan Great Wall",
            (),
            "A stretch of the Great Wall in the mountains north of the city.",
            "Steep steps climb from the pass to the watchtowers.",
            ("walking",),
            "Jizhou District",
        ),
        "ko": Text("황야관 장성", (), "산속에 있는 만리장성의 한 구간입니다.", "가파른 계단이 이어집니다."),
    },
)

GOUBULI = Document(
    id="dining/goubuli",
    hours="09:30-21:30",
    price=2,
    kind="dining",
    slug="goubuli",
    district="heping",
    tags=("snacks",),
    location=(39.1250, 117.1950),
    texts={
        "zh-Hans": Text("狗不理包子", ("狗不理",), "天津有名的包子。", "皮薄馅大，褶花匀称。", ("小吃",), "和平区"),
        "zh-Hant": Text("狗不理包子", (), "天津有名的包子。", "皮薄餡大，褶花勻稱。", ("小吃",), "和平區"),
        "en": Text(
            "Goubuli Baozi",
            ("Goubuli steamed buns",),
            "Steamed buns with a soup-rich filling, folded into many pleats.",
            "Order a basket of pork buns and a bowl of millet porridge.",
            ("snacks",),
            "Heping District",
        ),
        "ja": Text("狗不理包子", (), "天津名物の肉まん。", "ひだの美しい包子を蒸籠で。"),
        "th": Text("โก่วปู้หลี่เปาจื่อ", (), "ซาลาเปาขึ้นชื่อของเมือง", "แป้งบางไส้เยอะ"),
        "fr": Text("Goubuli Baozi", (), "Petits pains farcis cuits à la vapeur.", "À commander par panier."),
    },
)

MAHUA = Document(
    id="dining/guifaxiang-mahua",
    kind="dining",
    slug="guifaxiang-mahua",
    district="hexi",
    tags=("snacks", "crafts"),
    location=(39.1000, 117.2200),
    texts={
        "zh-Hans": Text("桂发祥十八街麻花", ("十八街麻花",), "酥脆的夹馅大麻花。", "可以带走作礼物。", ("小吃", "手工艺"), "河西区"),
        "zh-Hant": Text("桂發祥十八街麻花", (), "酥脆的夾餡大麻花。", "可以帶走作禮物。", ("小吃", "手工藝"), "河西區"),
        "en": Text(
            "Guifaxiang Eighteenth Street Mahua",
            ("fried dough twists",),
            "Crisp dough twists with a sweet filling.",
            "Sold in boxes, they keep for weeks and make good presents.",
            ("snacks", "crafts"),
            "Hexi District",
        ),
        "es": Text("Mahua de Guifaxiang", (), "Trenzas de masa frita, crujientes y dulces.", "Se venden en cajas de regalo."),
    },
)

JIANBING = Document(
    id="dining/jianbing-guozi",
    kind="dining",
    slug="jianbing-guozi",
    district="nankai",
    tags=("snacks", "breakfast"),
    texts={
        "zh-Hans": Text("煎饼馃子", ("煎饼果子",), "绿豆面摊的早点，夹馃子或馃箅儿。", "街边现摊现卖。", ("小吃", "早点"), "南开区"),
        "en": Text(
            "Jianbing Guozi",
            ("Tianjin crêpe",),
            "A mung-bean pancake with egg and a crisp stick of fried dough: the city's breakfast.",
            "Made to order at street stalls in the morning.",
            ("snacks", "breakfast"),
            "Nankai District",
        ),
        "pt": Text("Jianbing Guozi", (), "Um crepe de feijão-mungo com ovo.", "É o pequeno-almoço da cidade."),
        "ru": Text("Цзяньбин гоцзы", (), "Блин из муки бобов мунг с яйцом.", "Завтрак на ходу: ещё горячий."),
    },
)

CRUISE = Document(
    id="entertainment/haihe-cruise",
    kind="entertainment",
    slug="haihe-cruise",
    district="hebei",
    tags=("river", "night-views"),
    bookable=True,
    location=(39.1390, 117.1920),
    texts={
        "zh-Hans": Text(
            "海河游船", (), "乘船看两岸的桥和灯光。", "游船经过天津之眼和许多桥。", ("河流", "夜景"), "河北区"
        ),
        "zh-Hant": Text(
            "海河遊船", (), "乘船看兩岸的橋和燈光。", "遊船經過天津之眼和許多橋。", ("河流", "夜景"), "河北區"
        ),
        "en": Text(
            "Haihe River Cruise",
            (),
            "See the bridges and the lights from the water.",
            "Boats pass under the Tianjin Eye and a dozen bridges.",
            ("river", "night views"),
            "Hebei District",
        ),
        "fr": Text(
            "Croisière sur le Haihe", (), "Les ponts et les lumières vus de l’eau.", "On passe sous la grande roue."
        ),
        "de": Text("Flussfahrt auf dem Haihe", (), "Brücken und Lichter vom Wasser aus.", "Die Schiffe fahren abends."),
        "ja": Text("海河クルーズ", (), "船から橋と灯りを眺めます。", "天津の眼の下を通ります。"),
        "th": Text("ล่องเรือแม่น้ำไห่เหอ", (), "ชมสะพานและแสงไฟจากเรือ", "เรือล่องผ่านชิงช้าสวรรค์"),
        "ar": Text("رحلة نهرية في هايخه", (), "شاهد الجسور والأضواء من الماء.", "تمر القوارب تحت العجلة."),
    },
)

TEAHOUSE = Document(
    id="entertainment/mingliu-teahouse",
    kind="entertainment",
    slug="mingliu-teahouse",
    district="nankai",
    tags=("performance",),
    location=(39.1410, 117.1840),
    texts={
        "zh-Hans": Text("名流茶馆", (), "喝茶听相声的老式茶馆。", "晚上有相声和快板演出。", ("演出",), "南开区"),
        "en": Text(
            "Mingliu Teahouse",
            (),
            "Tea and crosstalk comedy in an old-style hall.",
            "Evening performances of comic dialogue and clapper rhymes.",
            ("performance",),
            "Nankai District",
        ),
        "ja": Text("名流茶館", (), "お茶を飲みながら相声を聴く茶館。", "夜に公演があります。"),
        "ko": Text("밍류 찻집", (), "차를 마시며 만담을 듣는 찻집입니다.", "저녁 공연이 있습니다."),
        "pt": Text("Casa de Chá Mingliu", (), "Chá e comédia num salão à moda antiga.", "Espetáculos à noite."),
    },
)

THEATRE = Document(
    id="entertainment/tianjin-grand-theatre",
    kind="entertainment",
    slug="tianjin-grand-theatre",
    district="hexi",
    tags=("performance",),
    bookable=False,
    location=(39.0860, 117.2080),
    texts={
        "zh-Hans": Text("天津大剧院", (), "歌剧、音乐会和戏剧的剧场。", "剧院临湖而建。", ("演出",), "河西区"),
        "zh-Hant": Text("天津大劇院", (), "歌劇、音樂會和戲劇的劇場。", "劇院臨湖而建。", ("演出",), "河西區"),
        "en": Text(
            "Tianjin Grand Theatre",
            (),
            "Opera, concerts and plays beside a lake.",
            "Buy tickets before you travel for the famous orchestras.",
            ("performance",),
            "Hexi District",
        ),
        "es": Text("Gran Teatro de Tianjin", (), "Ópera, conciertos y teatro junto a un lago.", "Compre las entradas antes."),
        "ar": Text("مسرح تيانجين الكبير", (), "أوبرا وحفلات موسيقية بجانب بحيرة.", "اشترِ التذاكر مسبقاً."),
    },
)

WHEEL_GUIDE = Document(
    id="itineraries/evening-lights",
    kind="itineraries",
    slug="evening-lights",
    place=False,
    texts={
        "en": Text("An Evening on the Embankment", (), "From the Porcelain House to the quay by taxi.", "Bring a coat."),
    },
)

LISTINGS = (
    TIANJIN_EYE, FIVE_GREAT_AVENUES, CULTURE_STREET, MUSEUM, PORCELAIN_HOUSE, GREAT_WALL,
    GOUBULI, MAHUA, JIANBING, CRUISE, TEAHOUSE, THEATRE, WHEEL_GUIDE,
)
